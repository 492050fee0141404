"""Things that happen in a tenant, as small as can be."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from conversations.models import Contact, Conversation, Message
from conversations.statuses import Direction, MessageStatus
from events import log
from events.audience import EVERYONE
from events.catalogue import ConversationUpdated
from events.emit import action, emit
from events.log import Emitted
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.cast import Company

NOWHERE = "0192d0f1-7c5e-7c5e-8c5e-7c5e7c5e7c5e"


def event(number: int, padding: int = 0) -> ConversationUpdated:
    updates = {"number": number, "padding": "x" * padding}
    return ConversationUpdated(conversation_id=NOWHERE, version=number, updates=updates)


def happen(tenant: Tenant, *numbers: int, audience: Sequence[str] = EVERYONE, padding: int = 0) -> None:
    """One transaction with these events, told to the hubs."""

    @action
    def change() -> None:
        for number in numbers:
            emit(event(number, padding), audience)

    with tenant_scope(tenant):
        change()


def happen_unheard(tenant: Tenant, *numbers: int, audience: Sequence[str] = EVERYONE) -> None:
    """The same, but the message to the hubs is lost: the events are in the log only."""
    with tenant_scope(tenant), transaction.atomic():
        log.append([Emitted(event(number), tuple(audience)) for number in numbers])


def conversation_with(company: Company, name: str = "Marta", phone: str = "5511888888888") -> Conversation:
    """An open conversation with a customer who has just written."""
    now = timezone.now()
    with tenant_scope(company.tenant):
        contact = Contact.objects.create(name=name, phone=phone)
        conversation = Conversation.objects.create(
            contact=contact,
            number=company.number,
            address=phone,
            column=company.columns[0],
            unread_count=1,
            last_message_at=now,
            window_expires_at=now + timedelta(hours=24),
        )
        Message.objects.create(
            conversation=conversation,
            number=company.number,
            contact=contact,
            direction=Direction.INBOUND,
            content="Oi!",
            status=MessageStatus.DELIVERED,
            said_at=now,
        )
    return conversation
