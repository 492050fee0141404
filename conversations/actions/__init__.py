"""Everything that changes contacts, conversations and messages; nothing else writes these rows. All end in `emit()`."""

from conversations.actions.dispatch import record_failed, record_postponed, record_sent, start_sending
from conversations.actions.outcomes import apply_outcomes
from conversations.actions.receiving import receive
from conversations.actions.revising import delete_message, edit_message, react, store_attachment
from conversations.actions.updating import mark_read, update_conversation
from conversations.actions.writing import retry_message, send_message

__all__ = [
    "apply_outcomes",
    "delete_message",
    "edit_message",
    "mark_read",
    "react",
    "receive",
    "record_failed",
    "record_postponed",
    "record_sent",
    "retry_message",
    "send_message",
    "start_sending",
    "store_attachment",
    "update_conversation",
]
