"""Since when a customer waits, worked out anew from what was said: after an answer to them was taken back."""

from conversations.actions.changes import announce, store_activity
from conversations.models import Conversation, Message
from conversations.statuses import Direction, MessageStatus


def let_wait_again(conversation: Conversation) -> None:
    """The customer of a locked conversation waits again for what the recalled message had answered."""
    said = Message.objects.filter(conversation=conversation)
    answers = said.filter(direction=Direction.OUTBOUND).exclude(status=MessageStatus.RECALLED)
    answered_at = answers.order_by("-said_at", "-id").values_list("said_at", flat=True).first()
    unanswered = said.filter(direction=Direction.INBOUND)
    if answered_at:
        unanswered = unanswered.filter(said_at__gt=answered_at)
    waiting_since = unanswered.order_by("said_at", "id").values_list("said_at", flat=True).first()
    if waiting_since != conversation.waiting_since:
        conversation.waiting_since = waiting_since
        store_activity([conversation])
        announce(conversation, "waitingSince")
