"""WhatsApp's typing indicator: who wants it, how often, and what the Graph API is asked."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.models import Conversation
from conversations.statuses import ConversationKind
from tenancy.models import Tenant
from tests.cast import Company
from tests.customers import newest_message, writes
from tests.meta import Meta
from whatsapp import doorbell, indicator
from whatsapp.models import Number, NumberState


@pytest.fixture
def conversation(in_acme: Company) -> Conversation:
    Tenant.objects.filter(pk=in_acme.tenant.pk).update(shows_typing=True)
    return writes(in_acme, "Marta", "Oi!", "Tem alguém aí?")


def test_worker_is_woken_once_for_some_time(conversation: Conversation) -> None:
    before = doorbell.waiting("sending")
    for _ in range(3):
        indicator.ring(conversation.pk)
    assert doorbell.waiting("sending") == before + 1


@pytest.mark.parametrize(
    "changes",
    [{"window_expires_at": timezone.now() - timedelta(hours=1)}, {"kind": ConversationKind.GROUP}],
    ids=["window closed", "among colleagues"],
)
def test_nobody_is_woken_where_nothing_can_be_shown(conversation: Conversation, changes: dict[str, object]) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
    before = doorbell.waiting("sending")
    indicator.ring(conversation.pk)
    assert doorbell.waiting("sending") == before


def test_nobody_is_woken_for_a_tenant_that_does_not_want_it(in_acme: Company) -> None:
    before = doorbell.waiting("sending")
    indicator.ring(writes(in_acme, "Marta").pk)
    assert doorbell.waiting("sending") == before


def test_graph_is_asked_to_answer_the_newest_message(meta: Meta, in_acme: Company, conversation: Conversation) -> None:
    indicator.show(conversation.pk)
    asked = [each for each in meta.http.get("exchanges").json()["exchanges"] if "typing_indicator" in str(each)]
    assert len(asked) == 1
    assert json.loads(asked[0]["sent"]) == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": newest_message(in_acme, conversation).wamid,
        "typing_indicator": {"type": "text"},
    }
    assert asked[0]["status"] == 200


def test_number_that_is_not_connected_shows_nothing(meta: Meta, in_acme: Company, conversation: Conversation) -> None:
    Number.objects.filter(pk=in_acme.number.pk).update(state=NumberState.RECONNECT)
    before = len(meta.http.get("exchanges").json()["exchanges"])
    indicator.show(conversation.pk)
    assert len(meta.http.get("exchanges").json()["exchanges"]) == before
