"""Everything that changes contacts, conversations and messages; nothing else writes these rows. All end in `emit()`."""

from conversations.actions.chats import (
    change_role,
    create_group,
    invite,
    join_group,
    leave_group,
    open_direct,
    remove_member,
    update_group,
)
from conversations.actions.dispatch import (
    expect_answer,
    record_failed,
    record_postponed,
    record_sent,
    start_sending,
)
from conversations.actions.outcomes import apply_outcomes
from conversations.actions.reacting import react_as
from conversations.actions.receiving import receive
from conversations.actions.revising import delete_message, edit_message, react, store_attachment
from conversations.actions.taking_back import delete_for_everyone, recall_message, rewrite_message
from conversations.actions.talking import read_conversation, record_arrival, write_message
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
    "change_role",
    "create_group",
    "delete_for_everyone",
    "delete_message",
    "discard",
    "edit_message",
    "end_upload",
    "expect_answer",
    "invite",
    "join_group",
    "leave_group",
    "mark_read",
    "open_direct",
    "prune_uploads",
    "react",
    "react_as",
    "read_conversation",
    "recall_message",
    "receive",
    "record_arrival",
    "record_failed",
    "record_media_id",
    "record_postponed",
    "record_sent",
    "remove_member",
    "retry_message",
    "rewrite_message",
    "send_message",
    "start_sending",
    "store_attachment",
    "update_conversation",
    "update_group",
    "upload_file",
    "write_message",
]
