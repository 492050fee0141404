"""WhatsApp's "typing…" on the customer's phone, where a tenant wants it: it also marks what they wrote as read.

Source: `typing-indicators`: it names the message that is going to be answered and ends with the answer or after 25 s.
"""

import logging
from uuid import UUID

from django.utils import timezone

from conversations.models import Conversation, Message
from conversations.statuses import ConversationKind, Direction
from tenancy.scope import current_tenant_id
from whatsapp import doorbell, graph, limits
from whatsapp.models import NumberState

AGAIN_SECONDS = 20
"""How long one indicator is enough."""

logger = logging.getLogger(__name__)


def ring(conversation_id: UUID) -> bool:
    """Somebody writes to a customer: wake a worker to show it, if that is wanted. False: somebody else just did."""
    if not limits.claim(f"typing:{conversation_id}", AGAIN_SECONDS):
        return False
    wanted = Conversation.objects.filter(
        pk=conversation_id,
        kind=ConversationKind.CUSTOMER,
        window_expires_at__gt=timezone.now(),
        tenant__shows_typing=True,
    )
    if wanted.exists():
        doorbell.wake("whatsapp.tasks.show_typing", str(current_tenant_id()), str(conversation_id))
    return True


def show(conversation_id: UUID) -> None:
    """Ask WhatsApp to show it. What goes wrong is not worth a second try: it would come too late."""
    received = Message.objects.filter(conversation_id=conversation_id, direction=Direction.INBOUND, deleted_at=None)
    newest = received.exclude(wamid=None).select_related("number").order_by("-said_at", "-id").first()
    if newest is None or newest.number is None or newest.number.state != NumberState.CONNECTED:
        return
    try:
        graph.show_typing(newest.number, str(newest.wamid))
    except graph.GraphError as error:
        logger.warning("Typing in %s could not be shown: %s", conversation_id, error)
