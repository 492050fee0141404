"""An open conversation as a page shows it: its head, the newest part of its thread, and where reading stopped."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import User
from conversations import queries
from conversations.models import Conversation, Message
from conversations.statuses import Direction


@dataclass(frozen=True, slots=True)
class Panel:
    """`thread` is oldest first; before `older` there is more of it; reading stopped over `first_unread`."""

    conversation: Conversation
    thread: list[Message]
    older: UUID | None
    first_unread: UUID | None
    window_is_open: bool


def panel(user: User, conversation_id: UUID, *, now: datetime) -> Panel:
    """The customer's conversation with its newest messages. Raises NotFound."""
    conversation = queries.customer_conversation_for(user, conversation_id)
    thread, older = page(conversation)
    return Panel(
        conversation=conversation,
        thread=thread,
        older=older,
        first_unread=_first_unread(thread, conversation.unread_count),
        window_is_open=conversation.window_is_open(now),
    )


def page(conversation: Conversation, before: UUID | None = None) -> tuple[list[Message], UUID | None]:
    """A page of the thread, oldest first, and the message before which the next page ends (None: that is all)."""
    found = queries.message_page(conversation, before=before)
    thread = found.items[::-1]
    return thread, thread[0].pk if found.more else None


def _first_unread(thread: list[Message], unread: int) -> UUID | None:
    received = [message.pk for message in thread if message.direction == Direction.INBOUND]
    return received[-unread] if 0 < unread <= len(received) else None
