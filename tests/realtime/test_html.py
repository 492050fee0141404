"""Server-rendered fragments beside the events, for sockets that asked for them."""

import json
from itertools import pairwise

import pytest

from conversations.actions import mark_read, send_message
from conversations.fragments import headers, messages
from conversations.models import Conversation, Message
from conversations.queries import conversation_for
from kanban.fragments import cards
from realtime import watching
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.realtime.client import Socket, socket_of
from tests.realtime.happenings import conversation_with, happen_unheard
from tests.realtime.serving import Program, until

pytestmark = pytest.mark.django_db(transaction=True)


def watched(company: Company) -> bool:
    watching._remembered.clear()
    return bool(watching.languages(company.tenant.pk))


def warm_up(company: Company, conversation: Conversation) -> None:
    """Compile the templates: a hub that waits too long for the layer reads the log, and that has no fragments."""
    with tenant_scope(company.tenant):
        cards([conversation.pk])
        headers([conversation.pk])
        messages([Message.objects.get().pk])


def fragments(socket: Socket, kind: str) -> list[dict[str, str]]:
    """The fragments of a kind that came right after the event they belong to."""
    found = []
    for frame in socket.frames:
        events = json.loads(frame)
        for before, event in pairwise(events if isinstance(events, list) else ()):
            if event["type"] == "board:fragments":
                assert before["seq"] == event["seq"]
                found += [each for each in event["data"]["fragments"] if each["kind"] == kind]
    return found


def test_fragments_follow_their_event_in_the_same_frame(server: Program, acme: Company) -> None:
    conversation = conversation_with(acme)
    warm_up(acme, conversation)
    with (
        socket_of(acme.ana, server.ws, "&html=1&language=en") as board,
        socket_of(acme.bruno, server.ws, "&html=1&language=en") as panel,
        socket_of(acme.caio, server.ws) as plain,
        tenant_scope(acme.tenant),
    ):
        panel.ask("conversation:join", conversationId=str(conversation.pk))
        until(lambda: watched(acme))
        send_message(conversation_for(acme.ana, conversation.pk), by=acme.ana, client_id="abc", content="Olá!")
        for socket in (board, panel, plain):
            socket.next("conversation:updated")

        assert [card["id"] for card in fragments(board, "card")] == [str(conversation.pk)]
        assert fragments(board, "message") == []
        assert "Olá!" in fragments(panel, "message")[0]["html"]
        assert [header["id"] for header in fragments(panel, "header")] == [str(conversation.pk)]
        assert "board:fragments" not in "".join(plain.frames)


def test_each_watcher_gets_their_own_language(server: Program, acme: Company) -> None:
    conversation = conversation_with(acme)
    warm_up(acme, conversation)
    with (
        socket_of(acme.ana, server.ws, "&html=1&language=en") as english,
        socket_of(acme.bruno, server.ws, "&html=1&language=pt-br") as portuguese,
        tenant_scope(acme.tenant),
    ):
        until(lambda: watched(acme) and len(watching.languages(acme.tenant.pk)) == 2)
        mark_read(conversation_for(acme.ana, conversation.pk), by=acme.ana)
        for socket in (english, portuguese):
            socket.next("conversation:updated")
            assert len(fragments(socket, "card")) == 1


def test_event_from_the_log_comes_without_fragments(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws, "&html=1") as board:
        happen_unheard(acme.tenant, 1)
        assert board.next("conversation:updated")
        assert fragments(board, "card") == []


def test_nothing_is_rendered_when_nobody_watches(server: Program, acme: Company) -> None:
    with socket_of(acme.caio, server.ws):
        assert not watched(acme)
