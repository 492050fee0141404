"""Every command over a real socket: what it does, what it refuses, and what it does with a neighbour's ids."""

import json
from uuid import uuid4

import pytest
from django.conf import settings

from conversations.models import Conversation, Label, Message
from realtime.catchup import PAGE_BYTES
from realtime.commands import REGISTRY
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.realtime.client import socket_of
from tests.realtime.happenings import conversation_with, happen, happen_unheard
from tests.realtime.serving import Program, serve

pytestmark = pytest.mark.django_db(transaction=True)


def test_registry_has_the_commands_of_the_contract() -> None:
    assert set(REGISTRY) == {
        *("ping", "logout", "events:since", "rooms:list"),
        *("conversation:list", "conversation:get", "conversation:join", "conversation:leave"),
        *("conversation:update", "conversation:move"),
        *("message:list", "message:send", "message:read", "message:delivered", "message:receipts", "message:search"),
        *("message:edit", "message:delete", "message:recall", "message:react"),
        *("user:search", "user:contacts", "direct:create"),
        *("group:list", "group:create", "group:update", "group:join", "group:leave"),
        *("group:members", "group:invite", "group:remove", "group:role"),
        *("presence:update", "presence:list", "viewers:list", "typing:start", "typing:stop", "template:list"),
    }


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "bad_json"),
        ("", "bad_json"),
        ("[" * 30_000, "bad_request"),
        ('{"type":"ping","data":' + "[" * 30_000, "bad_json"),
        ('{"type":"\\ud800"}', "bad_json"),
        ("[]", "bad_request"),
        ("null", "bad_request"),
        ("{}", "bad_request"),
        ('{"type":3}', "bad_request"),
        ('{"type":"ping","requestId":{}}', "bad_request"),
        ('{"type":"ping","data":[]}', "bad_request"),
        ('{"type":"no:such"}', "unknown_command"),
        ('{"type":"ping","data":"' + "x" * 70_000 + '"}', "too_large"),
        (b'{"type":"ping"}', "bad_request"),
    ],
)
def test_nonsense_is_answered_and_the_socket_stays(
    server: Program, acme: Company, frame: str | bytes, code: str
) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        reply = socket.answer_to(frame)
        assert (reply["status"], reply["error"]["code"]) == ("error", code)
        assert socket.ask("ping")["status"] == "ok"


def test_bad_request_finds_back_by_its_id(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        socket.connection.send(json.dumps({"requestId": "mine", "type": 3}))
        reply = json.loads(socket.connection.recv())
        assert (reply["requestId"], reply["status"]) == ("mine", "error")


def test_wrong_fields_are_named(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        assert socket.ask("conversation:get")["error"]["fields"] == {"conversationId": "This field is required."}
        assert socket.ask("conversation:get", conversationId="x")["error"]["fields"] == {
            "conversationId": "Invalid UUID"
        }
        assert "limit" in socket.ask("conversation:list", limit=0)["error"]["fields"]
        assert "status" in socket.ask("conversation:update", conversationId=str(uuid4()), status="X")["error"]["fields"]


def test_conversations_are_listed_got_and_read(server: Program, acme: Company) -> None:
    conversation = conversation_with(acme)
    with socket_of(acme.ana, server.ws) as socket:
        assert not socket.ask("conversation:list", filters={"status": "RESOLVED"})["data"]["items"]
        page = socket.ask("conversation:list", view="unassigned", filters={"status": "OPEN"})["data"]
        assert [item["id"] for item in page["items"]] == [str(conversation.pk)]
        assert page["cursor"] is None

        got = socket.ask("conversation:get", conversationId=str(conversation.pk))["data"]
        assert got == page["items"][0]

        assert socket.ask("message:read", conversationId=str(conversation.pk))["data"]["unreadCount"] == 0
        assert socket.next("conversation:updated")["data"]["updates"]["unreadCount"] == 0


def test_message_is_sent_once_and_heard(server: Program, acme: Company) -> None:
    conversation_id = str(conversation_with(acme).pk)
    with socket_of(acme.ana, server.ws) as socket, socket_of(acme.caio, server.ws) as colleague:
        sent = [
            socket.ask("message:send", conversationId=conversation_id, clientId="abc", content="Olá\u0000!")["data"]
            for _ in range(2)
        ]
        assert sent[0] == sent[1]
        assert sent[0]["content"] == "Olá!"
        assert colleague.next("message:new")["data"]["message"]["id"] == sent[0]["id"]

        page = socket.ask("message:list", conversationId=conversation_id)["data"]
        assert [item["content"] for item in page["items"]] == ["Olá!", "Oi!"]
        older = socket.ask("message:list", conversationId=conversation_id, before=sent[0]["id"], limit=1)["data"]
        assert [item["content"] for item in older["items"]] == ["Oi!"]


def test_message_without_words_is_refused(server: Program, acme: Company) -> None:
    conversation_id = str(conversation_with(acme).pk)
    with socket_of(acme.ana, server.ws) as socket:
        reply = socket.ask("message:send", conversationId=conversation_id, clientId="abc", content=" ")
        assert reply["error"]["code"] == "bad_request"
        assert "content" in reply["error"]["fields"]


def test_conversation_is_updated_and_a_stale_version_conflicts(server: Program, acme: Company) -> None:
    conversation_id = str(conversation_with(acme).pk)
    with socket_of(acme.ana, server.ws) as socket:
        changed = socket.ask(
            "conversation:update", conversationId=conversation_id, assigneeId=str(acme.caio.pk), priority=1, version=1
        )["data"]
        assert (changed["assignee"]["name"], changed["priority"], changed["version"]) == ("Caio", 1, 2)

        stale = socket.ask("conversation:update", conversationId=conversation_id, status="PENDING", version=1)["error"]
        assert stale["code"] == "conflict"
        assert stale["current"] == changed

        cleared = socket.ask("conversation:update", conversationId=conversation_id, assigneeId=None)["data"]
        assert cleared["assignee"] is None


def test_labels_are_exactly_those_that_are_named(server: Program, acme: Company, globex: Company) -> None:
    conversation_id = str(conversation_with(acme).pk)
    with tenant_scope(acme.tenant):
        first, second = (str(Label.objects.create(name=name).pk) for name in ("VIP", "Troca"))
    with tenant_scope(globex.tenant):
        theirs = str(Label.objects.create(name="VIP").pk)
    with socket_of(acme.ana, server.ws) as socket:
        for wanted in ([first, second], [second]):
            changed = socket.ask("conversation:update", conversationId=conversation_id, labels=wanted)["data"]
            assert {label["id"] for label in changed["labels"]} == set(wanted)
            updates = socket.next("conversation:updated")["data"]["updates"]
            assert {label["id"] for label in updates["labels"]} == set(wanted)
        again = socket.ask("conversation:update", conversationId=conversation_id, labels=[second])["data"]
        assert again["version"] == 3
        refused = socket.ask("conversation:update", conversationId=conversation_id, labels=[theirs])["error"]
        assert (refused["code"], list(refused["fields"])) == ("not_found", ["labels"])


def test_card_is_moved(server: Program, acme: Company) -> None:
    conversation_id = str(conversation_with(acme).pk)
    with socket_of(acme.ana, server.ws) as socket:
        column_id = str(acme.columns[2].pk)
        moved = socket.ask("conversation:move", conversationId=conversation_id, columnId=column_id)["data"]
        assert (moved["columnId"], moved["status"]) == (column_id, "PENDING")


def test_room_is_heard_between_join_and_leave(server: Program, acme: Company) -> None:
    conversation_id = str(conversation_with(acme).pk)
    room = [f"conversation:{conversation_id}"]
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, 1, audience=room)
        happen(acme.tenant, 2)
        assert socket.next()["data"]["updates"]["number"] == 2  # so the hub is past the first one before we join
        assert socket.ask("conversation:join", conversationId=conversation_id)["status"] == "ok"
        assert socket.ask("rooms:list")["data"]["rooms"] == [*room, "tenant", f"user:{acme.ana.pk}"]
        happen(acme.tenant, 3, audience=room)
        assert socket.next()["data"]["updates"]["number"] == 3
        assert socket.ask("conversation:leave", conversationId=conversation_id)["status"] == "ok"
        happen(acme.tenant, 4, audience=room)
        happen(acme.tenant, 5)
        assert socket.next()["data"]["updates"]["number"] == 5


def test_neighbours_things_are_not_found(server: Program, acme: Company, globex: Company) -> None:
    conversation = conversation_with(globex)
    theirs, ours = str(conversation.pk), str(conversation_with(acme).pk)
    with socket_of(acme.ana, server.ws) as socket:
        for command, data in (
            ("conversation:get", {}),
            ("conversation:join", {}),
            ("conversation:update", {"priority": 1}),
            ("conversation:move", {"columnId": str(acme.columns[0].pk)}),
            ("message:list", {}),
            ("message:send", {"clientId": "abc", "content": "Oi"}),
            ("message:read", {}),
            ("typing:start", {}),
            ("typing:stop", {}),
        ):
            assert socket.ask(command, conversationId=theirs, **data)["error"]["code"] == "not_found", command
        column = str(globex.columns[0].pk)
        assert socket.ask("conversation:move", conversationId=ours, columnId=column)["error"]["code"] == "not_found"
        strange = socket.ask("conversation:update", conversationId=ours, assigneeId=str(globex.gil.pk))["error"]
        assert (strange["code"], list(strange["fields"])) == ("not_found", ["assigneeId"])
    with tenant_scope(globex.tenant):
        assert Message.objects.count() == 1
        assert Conversation.objects.get().version == conversation.version


def test_missed_events_are_told_in_order(server: Program, acme: Company) -> None:
    happen_unheard(acme.tenant, 1, 2)
    happen_unheard(acme.tenant, 3, audience=[f"user:{acme.caio.pk}"])
    happen_unheard(acme.tenant, 4)
    with socket_of(acme.ana, server.ws) as socket:
        missed = socket.ask("events:since", seq=1)["data"]
        assert [event["seq"] for event in missed["events"]] == [2, 4]
        assert missed["events"][0]["data"]["updates"]["number"] == 2
        assert (missed["seq"], missed["more"]) == (4, False)


def test_whoever_missed_much_is_told_in_pages_that_no_reader_is_closed_for(server: Program, acme: Company) -> None:
    for first in range(0, 900, 100):
        happen(acme.tenant, *range(first, first + 100), padding=1_500)
    with socket_of(acme.ana, server.ws) as socket:
        seq, more, numbers = 0, True, []
        while more:
            missed = socket.ask("events:since", seq=seq)["data"]
            numbers += [event["data"]["updates"]["number"] for event in missed["events"]]
            assert sum(len(event["data"]["updates"]["padding"]) for event in missed["events"]) <= PAGE_BYTES
            seq, more = missed["seq"], missed["more"]
    assert numbers == list(range(900))


def test_seq_from_nowhere_asks_for_a_reload(server: Program, acme: Company) -> None:
    happen_unheard(acme.tenant, 1)
    with socket_of(acme.ana, server.ws) as socket:
        for seq in (-1, 99):
            assert socket.ask("events:since", seq=seq)["data"] == {"resync": True, "seq": 1}


def test_commands_over_the_limit_are_told_when_to_come_back(acme: Company) -> None:
    with (
        serve(settings.REDIS_URL, SOCKET_COMMANDS_PER_MINUTE="6", SOCKET_COMMAND_BURST="2") as strict,
        socket_of(acme.ana, strict.ws) as first,
        socket_of(acme.ana, strict.ws) as second,
        socket_of(acme.caio, strict.ws) as colleague,
    ):
        assert first.ask("conversation:list")["status"] == "ok"
        assert second.ask("conversation:list")["status"] == "ok"
        error = first.ask("conversation:list")["error"]
        assert error["code"] == "rate_limited"
        assert 0 < error["retryAfterMs"] <= 10_000
        assert second.answer_to("{")["error"]["code"] == "rate_limited"
        assert first.ask("ping")["status"] == "ok"
        assert colleague.ask("conversation:list")["status"] == "ok"
