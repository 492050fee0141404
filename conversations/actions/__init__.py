"""Everything that changes contacts, conversations and messages; nothing else writes these rows. All end in `emit()`."""

from conversations.actions.dispatch import (
    expect_answer,
    record_failed,
    record_postponed,
    record_sent,
    start_sending,
)
from conversations.actions.outcomes import apply_outcomes
from conversations.actions.receiving import receive
from conversations.actions.revising import delete_message, edit_message, react, store_attachment
from conversations.actions.updating import mark_read, update_conversation
from conversations.actions.uploading import (
    add_part,
    begin_upload,
    discard,
    end_upload,
    prune_uploads,
    record_media_id,
    upload_file,
)
from conversations.actions.writing import retry_message, send_message

__all__ = [
    "add_part",
    "apply_outcomes",
    "begin_upload",
    "delete_message",
    "discard",
    "edit_message",
    "end_upload",
    "expect_answer",
    "mark_read",
    "prune_uploads",
    "react",
    "receive",
    "record_failed",
    "record_media_id",
    "record_postponed",
    "record_sent",
    "retry_message",
    "send_message",
    "start_sending",
    "store_attachment",
    "update_conversation",
    "upload_file",
]
