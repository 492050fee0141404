"""Statuses of one message that arrive at the same moment: the ingester's and those that a send's own answer claims."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.actions import apply_outcomes
from conversations.actions.outcomes import Outcome
from conversations.models import Message
from conversations.statuses import Direction, MessageStatus
from events.models import Event
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.customers import writes
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
ROUNDS = 8
WORDS = (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)


def test_statuses_at_once_lose_none_and_go_forward_only(acme: Company) -> None:
    conversation = writes(acme, "Marta")
    now = timezone.now()
    for round_ in range(ROUNDS):
        with tenant_scope(acme.tenant):
            message = Message.objects.create(
                conversation=conversation,
                number=acme.number,
                direction=Direction.OUTBOUND,
                status=MessageStatus.SENDING,
                wamid=f"w{round_}",
                said_at=now,
                received_at=now,
            )

        def apply(place: int, wamid: str = f"w{round_}") -> None:
            with tenant_scope(acme.tenant):
                at = now + timedelta(seconds=place)
                assert apply_outcomes([Outcome(acme.number.pk, wamid, WORDS[place], at)]) == []

        together(apply, len(WORDS))
        with tenant_scope(acme.tenant):
            stored = Message.objects.get(pk=message.pk)
        assert stored.status == MessageStatus.READ
        assert [stored.sent_at, stored.delivered_at, stored.read_at] == [now + timedelta(seconds=n) for n in range(3)]
        assert stored.version == message.version + len(WORDS)
    with tenant_scope(acme.tenant):
        assert Event.objects.filter(type="message:status-update").count() == ROUNDS * len(WORDS)
