"""Chats over real sockets: members hear them, nobody else does, and doors move at the very event that says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from conversations import actions
from conversations.models import Conversation
from events.emit import _handlers
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.conversations.chats import group, say
from tests.realtime.client import Socket, socket_of
from tests.realtime.happenings import happen
from tests.realtime.serving import Program

pytestmark = pytest.mark.django_db(transaction=True)


def test_direct_conversation_is_heard_by_the_two_and_nobody_else(server: Program, acme: Company) -> None:
    with (
        socket_of(acme.ana, server.ws) as ana,
        socket_of(acme.caio, server.ws) as caio,
        socket_of(acme.bruno, server.ws) as bruno,
    ):
        made = ana.ask("direct:create", userId=str(acme.caio.pk))["data"]
        assert caio.next("conversation:new")["data"]["conversation"]["id"] == made["id"]
        sent = ana.ask("message:send", conversationId=made["id"], clientId="m1", content="segredo")["data"]
        assert caio.next("message:new")["data"]["message"]["id"] == sent["id"]
        assert caio.ask("message:read", conversationId=made["id"])["data"]["unreadCount"] == 0
        assert ana.next("message:read")["data"]["userId"] == str(acme.caio.pk)
        happen(acme.tenant, 1)
        assert bruno.next()["type"] == "conversation:updated"
        assert "segredo" not in "".join(bruno.frames)


def test_who_is_invited_hears_from_there_on_and_who_is_removed_no_more(server: Program, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        chat = group(acme, "ana", "caio")
    with socket_of(acme.sofia, server.ws) as sofia, socket_of(acme.caio, server.ws) as caio:
        _say(acme, chat, "antes")
        with tenant_scope(acme.tenant):
            actions.invite(chat, by=acme.ana, people=[acme.sofia])
        _say(acme, chat, "durante")
        joined = sofia.next()
        assert (joined["type"], joined["data"]["conversation"]["participantCount"]) == ("group:joined", 3)
        assert sofia.ask("conversation:join", conversationId=str(chat.pk))["status"] == "ok"
        with tenant_scope(acme.tenant):
            actions.remove_member(chat, by=acme.ana, user_id=acme.sofia.pk)
        _say(acme, chat, "depois")
        happen(acme.tenant, 1)
        heard = []
        while (event := sofia.next())["type"] != "conversation:updated" or "number" not in event["data"]["updates"]:
            heard.append(event)
        assert heard[-1]["type"] == "group:left"
        assert _words(heard) == ["durante"]
        assert f"members:{chat.pk}" not in sofia.ask("rooms:list")["data"]["rooms"]
        assert f"conversation:{chat.pk}" not in sofia.ask("rooms:list")["data"]["rooms"]
        assert sofia.ask("message:list", conversationId=str(chat.pk))["error"]["code"] == "not_found"
        assert [caio.next("group:left")["type"], _next_words(caio)] == ["group:left", "depois"]


@pytest.fixture
def _unheard(settings: Settings) -> Iterator[None]:
    """What happens is in the log only."""
    settings.EVENT_HANDLERS = []
    _handlers.cache_clear()
    yield
    _handlers.cache_clear()


@pytest.mark.usefixtures("_unheard")
def test_door_moves_although_the_layer_lost_the_event(server: Program, acme: Company) -> None:
    """The hub reads from the log what Redis did not bring."""
    with tenant_scope(acme.tenant):
        chat = group(acme, "ana", "caio")
    with socket_of(acme.sofia, server.ws) as sofia:
        with tenant_scope(acme.tenant):
            actions.invite(chat, by=acme.ana, people=[acme.sofia])
        _say(acme, chat, "oi")
        assert sofia.next()["type"] == "group:joined"
        assert _next_words(sofia) == "oi"


def _say(company: Company, chat: Conversation, content: str) -> None:
    with tenant_scope(company.tenant):
        say(chat, company.ana, content)


def _words(events: list[dict[str, Any]]) -> list[str]:
    spoken = [event["data"]["message"] for event in events if event["type"] == "message:new"]
    return [message["content"] for message in spoken if message["type"] == "TEXT"]


def _next_words(socket: Socket) -> str:
    while True:
        message = socket.next("message:new")["data"]["message"]
        if message["type"] == "TEXT":
            return str(message["content"])
