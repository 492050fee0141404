"""An existing socket.io-client comes in, hears events by name, and emits commands by name with acknowledgements."""

from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from realtime import stats
from tests.cast import Company
from tests.realtime.client import socket_of, token
from tests.realtime.happenings import conversation_with, happen, happen_unheard
from tests.realtime.serving import Program, serve, serve_on, until
from tests.realtime.socketio.client import POLLING, UPGRADE, WEBSOCKET, Client

pytestmark = pytest.mark.django_db(transaction=True)

MODES = [
    pytest.param(WEBSOCKET, id="websocket"),
    pytest.param(UPGRADE, id="upgrade"),
    pytest.param(POLLING, id="polling"),
]


@pytest.mark.parametrize("mode", MODES)
def test_client_hears_events_by_name_and_commands_by_name(server: Program, acme: Company, mode: dict[str, Any]) -> None:
    conversation_id = str(conversation_with(acme).pk)
    with Client(server.http, token(acme.ana), **mode) as client:
        client.next("connect")
        if mode is UPGRADE:
            assert client.next("upgrade") == ["websocket"]
        connected = client.event("connected")
        assert (connected["user"]["email"], connected["seq"]) == ("ana@acme.test", 0)

        draft = {"conversationId": conversation_id, "clientId": str(uuid4()), "content": "Olá!"}
        reply = client.ask("message:send", draft)
        assert (reply["status"], reply["data"]["content"]) == ("ok", "Olá!")
        data, place = client.next("event", "message:new")
        assert data["message"]["id"] == reply["data"]["id"]
        assert place["seq"] > place["prev"]
        assert client.ask("conversation:get", {"conversationId": "x"})["error"]["fields"]


@pytest.mark.parametrize("mode", MODES)
def test_client_hears_every_event_once_and_in_order(server: Program, acme: Company, mode: dict[str, Any]) -> None:
    with Client(server.http, token(acme.ana), **mode) as client:
        client.event("connected")
        for start in range(0, 300, 10):
            happen(acme.tenant, *range(start, start + 10))
        heard = [client.next("event", "conversation:updated") for _ in range(300)]

    assert [data["updates"]["number"] for data, _ in heard] == list(range(300))
    assert [place["prev"] for _, place in heard[1:]] == [place["seq"] for _, place in heard[:-1]]


@pytest.mark.parametrize("mode", MODES)
def test_logout_tells_the_client_to_stay_away(server: Program, acme: Company, mode: dict[str, Any]) -> None:
    with Client(server.http, token(acme.ana), **mode) as client:
        client.event("connected")
        assert client.ask("logout")["status"] == "ok"
        assert client.event("closed") == {"code": 1000, "reason": "logged out"}
        reason, will_return = client.next("disconnect")
        assert (reason, will_return) == ("io server disconnect", False)


@pytest.mark.timeout(180)
def test_clients_return_after_a_restart_and_catch_up(acme: Company) -> None:
    with (
        serve(settings.REDIS_URL) as first,
        Client(first.http, token(acme.ana), **WEBSOCKET) as socket,
        Client(first.http, token(acme.ana), **POLLING) as poller,
    ):
        for client in (socket, poller):
            client.event("connected")
        first.terminate()
        assert socket.event("server:shutdown") == {"reason": "restart"}
        assert socket.event("closed")["code"] == 1012
        first.process.wait(30)
        happen_unheard(acme.tenant, 1)
        with serve_on(first.port, settings.REDIS_URL):
            for client in (socket, poller):
                _, will_return = client.next("disconnect")
                assert will_return
                assert client.event("connected")["seq"] == 1
                missed = client.ask("events:since", {"seq": 0})["data"]
                assert [event["seq"] for event in missed["events"]] == [1]


@pytest.mark.parametrize("mode", [WEBSOCKET, POLLING], ids=["websocket", "polling"])
def test_client_that_leaves_is_forgotten(server: Program, acme: Company, mode: dict[str, Any]) -> None:
    with Client(server.http, token(acme.ana), **mode) as client:
        client.event("connected")
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 1)
        client.leave()
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 0)


@pytest.mark.parametrize("mode", [WEBSOCKET, POLLING], ids=["websocket", "polling"])
def test_client_without_a_good_token_is_refused(server: Program, acme: Company, mode: dict[str, Any]) -> None:
    for bad, reason in (("nonsense", "bad token"), (None, "no proof")):
        with Client(server.http, bad, **mode) as client:
            assert client.next("connect_error") == [reason, {"code": 4401}]


def test_client_of_a_deactivated_person_is_refused(server: Program, acme: Company) -> None:
    proof = token(acme.ana)
    type(acme.ana).objects.filter(pk=acme.ana.pk).update(is_active=False)
    with Client(server.http, proof, **WEBSOCKET) as client:
        assert client.next("connect_error") == ["not a member", {"code": 4403}]


def test_token_may_come_in_the_handshake(server: Program, acme: Company) -> None:
    header = {"extraHeaders": {"Authorization": f"Bearer {token(acme.ana)}"}}
    for options in ({"query": {"access_token": token(acme.ana)}}, header):
        with Client(server.http, None, **WEBSOCKET, **options) as client:
            assert client.event("connected")["user"]["name"] == "Ana"


def test_logout_everywhere_reaches_all_kinds_of_sockets(server: Program, acme: Company) -> None:
    with (
        socket_of(acme.ana, server.ws) as plain,
        Client(server.http, token(acme.ana), **WEBSOCKET) as first,
        Client(server.http, token(acme.ana), **POLLING) as second,
    ):
        first.event("connected")
        second.event("connected")
        assert first.ask("logout", {"all": True})["status"] == "ok"
        assert second.event("closed")["code"] == 4401
        assert second.next("disconnect") == ["io server disconnect", False]
        assert plain.close_code() == 4401


def test_error_without_acknowledgement_is_an_event(server: Program, acme: Company) -> None:
    with Client(server.http, token(acme.ana), **WEBSOCKET) as client:
        client.event("connected")
        client.emit("no:such", {})
        failed = client.event("error")
        assert (failed["command"], failed["error"]["code"]) == ("no:such", "unknown_command")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("message:send", [[]], "bad_request"),
        ("ping", [{}, {}], "bad_request"),
        ("connect", [{}, {}], "bad_request"),
        ("disconnect", [], "bad_request"),
        ("*", [], "bad_request"),
        ("message:send", [{"content": "x" * 70_000}], "too_large"),
    ],
)
def test_nonsense_is_answered_and_the_client_stays(
    server: Program, acme: Company, name: str, data: list[Any], code: str
) -> None:
    with Client(server.http, token(acme.ana), **WEBSOCKET) as client:
        client.event("connected")
        assert client.raw(name, *data)["error"]["code"] == code
        assert client.ask("ping", None)["status"] == "ok"


def test_commands_over_the_limit_are_told_when_to_come_back(acme: Company) -> None:
    with (
        serve(settings.REDIS_URL, SOCKET_COMMANDS_PER_MINUTE="6", SOCKET_COMMAND_BURST="2") as strict,
        socket_of(acme.ana, strict.ws) as plain,
        Client(strict.http, token(acme.ana), **WEBSOCKET) as client,
    ):
        client.event("connected")
        assert plain.ask("conversation:list")["status"] == "ok"
        assert client.ask("conversation:list")["status"] == "ok"
        error = client.ask("conversation:list")["error"]
        assert error["code"] == "rate_limited"
        assert 0 < error["retryAfterMs"] <= 10_000
