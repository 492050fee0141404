"""Who is told of what: one person, of what somebody else did that concerns them."""

from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import actions
from conversations.models import Conversation, Message
from events.models import Event
from realtime.catchup import Missed, events_since
from realtime.rooms import own_rooms
from tests.cast import Company
from tests.conversations.chats import direct, group, say
from tests.customers import writes


def told(company: Company, name: str) -> list[dict[str, Any]]:
    """The notifications that somebody finds who comes back."""
    missed = events_since(0, own_rooms(company.people[name], []))
    assert isinstance(missed, Missed)
    return [msgspec.json.decode(event.data) for event in missed.events if event.type == "notification:new"]


def kinds(company: Company, name: str) -> list[tuple[str, str, str]]:
    return [(each["kind"], each["title"], each["preview"]) for each in told(company, name)]


@pytest.fixture
def customer(in_acme: Company) -> Conversation:
    return writes(in_acme, "Marta", "Oi!")


def test_what_somebody_else_gives_you_concerns_you(in_acme: Company, customer: Conversation) -> None:
    actions.update_conversation(customer, by=in_acme.caio, assignee=in_acme.ana)
    actions.update_conversation(customer, by=in_acme.caio, assignee=in_acme.ana, priority=1)
    (notification,) = told(in_acme, "ana")
    assert notification.pop("at")
    assert notification == {
        "kind": "ASSIGNED",
        "conversationId": str(customer.pk),
        "messageId": None,
        "title": "Marta",
        "preview": "Oi!",
        "messageType": None,
        "by": {"id": str(in_acme.caio.pk), "name": "Caio", "kind": "user"},
    }
    assert told(in_acme, "caio") == told(in_acme, "bruno") == []


def test_what_you_take_or_lose_yourself_is_no_news(in_acme: Company, customer: Conversation) -> None:
    actions.update_conversation(customer, by=in_acme.ana, assignee=in_acme.ana)
    actions.update_conversation(customer, by=in_acme.caio, assignee=None)
    actions.write_message(customer, by=in_acme.ana, content="Já vejo")
    assert told(in_acme, "ana") == []


def test_customer_of_yours_wrote_once_however_many_messages_came(in_acme: Company, customer: Conversation) -> None:
    actions.update_conversation(customer, by=in_acme.ana, assignee=in_acme.ana)
    writes(in_acme, "Marta", "Alô?", "Alguém?")
    writes(in_acme, "Dora", "De outra pessoa")
    (notification,) = told(in_acme, "ana")
    newest = Message.objects.get(content="Alguém?")
    assert (notification["kind"], notification["messageId"]) == ("MESSAGE", str(newest.pk))
    assert (notification["preview"], notification["messageType"], notification["by"]["kind"]) == (
        "Alguém?",
        "TEXT",
        "contact",
    )


def test_arrivals_cost_no_statement_more(in_acme: Company, customer: Conversation) -> None:
    writes(in_acme, "Marta", "um")
    with CaptureQueriesContext(connection) as without:
        writes(in_acme, "Marta", "dois")
    actions.update_conversation(customer, by=in_acme.caio, assignee=in_acme.ana)
    with CaptureQueriesContext(connection) as assigned:
        writes(in_acme, "Marta", "três")
    assert len(assigned) == len(without)
    assert kinds(in_acme, "ana")[-1] == ("MESSAGE", "Marta", "três")


def test_direct_message_goes_to_the_other_one(in_acme: Company) -> None:
    say(direct(in_acme), in_acme.caio, "Pode me ajudar?")
    assert kinds(in_acme, "ana") == [("DIRECT", "Caio", "Pode me ajudar?")]
    assert told(in_acme, "caio") == told(in_acme, "bruno") == []


def test_in_a_group_those_who_are_mentioned(in_acme: Company) -> None:
    made = group(in_acme, "ana", "caio", "sofia")
    say(made, in_acme.ana, "bom dia")
    say(made, in_acme.ana, "@Caio veja isto", mention_ids=(in_acme.caio.pk, in_acme.ana.pk))
    assert kinds(in_acme, "caio") == [("MENTION", "Atendimento", "@Caio veja isto")]
    assert told(in_acme, "ana") == told(in_acme, "sofia") == []


def test_same_client_id_notifies_once(in_acme: Company) -> None:
    for _ in range(2):
        say(direct(in_acme), in_acme.caio, "Oi", client_id="c1")
    assert len(told(in_acme, "ana")) == 1


def test_audience_is_that_person_alone(in_acme: Company) -> None:
    say(direct(in_acme), in_acme.caio, "segredo")
    audiences = Event.objects.filter(type="notification:new").values_list("audience", flat=True)
    assert list(audiences) == [[f"user:{in_acme.ana.pk}"]]
