"""Customers who write: the shortest way to a real conversation, through the action that ingest uses."""

from datetime import datetime
from itertools import count

from django.utils import timezone

from conversations.actions import receive
from conversations.actions.arrivals import Arrival, Identity, Person
from conversations.models import Conversation, IdentityKind, Message
from conversations.statuses import MessageType
from tenancy.scope import tenant_scope
from tests.cast import Company

_numbers = count(1)


def writes(company: Company, name: str = "Marta", *texts: str, at: datetime | None = None) -> Conversation:
    """A customer of this name writes these texts ("Oi!" unless said); returns the conversation they are in."""
    address = Identity(IdentityKind.WA_ID, f"55119{abs(hash(name)) % 10**8:08d}")
    person = Person(identities=(address,), address=address, name=name)
    now = at or timezone.now()
    arrivals = [
        Arrival(
            number_id=company.number.pk,
            wamid=f"wamid.test-{next(_numbers)}",
            person=person,
            type=MessageType.TEXT,
            said_at=now,
            received_at=now,
            content=text,
        )
        for text in texts or ("Oi!",)
    ]
    with tenant_scope(company.tenant):
        stored = receive(arrivals)
        return Conversation.objects.get(pk=stored[0].conversation_id)


def newest_message(company: Company, conversation: Conversation) -> Message:
    """What was said last."""
    with tenant_scope(company.tenant):
        return Message.objects.filter(conversation=conversation).latest("said_at", "id")
