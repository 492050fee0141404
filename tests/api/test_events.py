import pytest
from django.test import Client

from conversations.models import Conversation
from events.catalogue import MessageDeleted
from events.emit import action, emit
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.machines import Machine


@action
def _whisper(*audience: str) -> None:
    emit(MessageDeleted(conversation_id="c", message_id="m", version=1), audience)


def test_events_follow_a_seq(acme: Company, conversation: Conversation) -> None:
    machine = Machine(acme.ana)
    heard = machine.get("/api/events", {"after": 0}).json()
    assert {event["type"] for event in heard["events"]} == {"conversation:new", "message:new"}
    assert [event["seq"] for event in heard["events"]] == list(range(1, heard["seq"] + 1))
    assert heard["events"][-1]["data"]["message"]["content"] == "Tudo bem?"
    assert machine.get("/api/events", {"after": heard["seq"]}).json() == {
        "events": [],
        "seq": heard["seq"],
        "more": False,
    }


def test_events_for_others_are_not_heard(acme: Company, neighbours_conversation: Conversation) -> None:
    with tenant_scope(acme.tenant):
        _whisper(f"user:{acme.ana.pk}")
        _whisper(f"user:{acme.caio.pk}")
    heard = Machine(acme.ana).get("/api/events", {"after": 0}).json()
    assert [event["seq"] for event in heard["events"]] == [1]
    assert heard["seq"] == 2


def test_events_from_before_the_log_ask_for_a_reload(acme: Company, conversation: Conversation) -> None:
    assert Machine(acme.ana).get("/api/events", {"after": 4711}).json()["resync"] is True


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5"])
def test_events_need_a_seq(acme: Company, after: str) -> None:
    refused = Machine(acme.ana).get("/api/events", {"after": after})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["after"])


def test_events_are_heard_with_the_browsers_cookie(acme: Company, conversation: Conversation, client: Client) -> None:
    client.force_login(acme.ana)
    assert client.get("/api/events?after=0").json()["events"]
