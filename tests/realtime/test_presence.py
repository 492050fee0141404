"""Who is there, against real servers: chosen beside measured, several sockets, reconnects, a process that is killed."""

from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from conversations.models import Conversation, Participant
from conversations.statuses import ConversationKind
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.realtime.client import Socket, socket_of
from tests.realtime.happenings import conversation_with, happen
from tests.realtime.serving import Program, serve, until

pytestmark = pytest.mark.django_db(transaction=True)


def told(socket: Socket, user: User, seconds: float = 20) -> dict[str, Any]:
    """The next news of somebody's presence."""
    while True:
        event = socket.next("presence:changed", seconds)
        for presence in event["data"]["presences"]:
            if presence["userId"] == str(user.pk):
                return dict(presence)


def told_until(socket: Socket, user: User, **values: Any) -> dict[str, Any]:
    """The first news of somebody that says this."""
    while True:
        presence = told(socket, user, 30)
        if all(presence[name] == value for name, value in values.items()):
            return presence


def listed(socket: Socket, **data: Any) -> dict[str, str]:
    """What a list says: status by user."""
    return {each["userId"]: each["status"] for each in socket.ask("presence:list", **data)["data"]["items"]}


@pytest.fixture(scope="module")
def quick(django_db_setup: None, server: Program) -> Any:
    """A server whose people have a second to come back and are gone four seconds after it was killed."""
    with serve(settings.REDIS_URL, PRESENCE_TTL_SECONDS="4") as running:
        yield running


def test_people_come_and_go_and_everybody_is_told_once(quick: Program, acme: Company, globex: Company) -> None:
    with socket_of(acme.ana, quick.ws) as ana, socket_of(globex.gil, quick.ws) as gil:
        told_until(ana, acme.ana, connected=True)
        with socket_of(acme.caio, quick.ws):
            came = told(ana, acme.caio)
            assert (came["status"], came["connected"], came["lastSeenAt"]) == ("online", True, None)
            assert listed(ana) == {str(acme.ana.pk): "online", str(acme.caio.pk): "online"}
        went = told(ana, acme.caio)
        assert (went["status"], went["connected"]) == ("offline", False)
        assert went["lastSeenAt"]
        assert listed(ana) == {str(acme.ana.pk): "online"}
        stamp = ana.ask("presence:list")["data"]["stamp"]
        assert ana.ask("presence:list", known=stamp)["data"] == {"items": None, "stamp": stamp}
        assert ana.ask("presence:list", known="another")["data"]["items"]
        assert listed(ana, userIds=[str(acme.caio.pk), str(globex.gil.pk)]) == {str(acme.caio.pk): "offline"}
        told_until(gil, globex.gil, connected=True)
        assert not any(str(acme.caio.pk) in frame for frame in gil.frames)


def test_reconnect_and_further_tabs_are_no_news(quick: Program, acme: Company) -> None:
    with socket_of(acme.ana, quick.ws) as ana:
        with socket_of(acme.caio, quick.ws):
            told_until(ana, acme.caio, connected=True)
            with socket_of(acme.caio, quick.ws):
                pass
        with socket_of(acme.caio, quick.ws) as again:  # within its grace
            assert listed(again)[str(acme.caio.pk)] == "online"
        told(ana, acme.caio)
        # whatever was told in between would have come first
        assert listed(ana) == {str(acme.ana.pk): "online"}


def test_chosen_availability_is_kept_and_shown_beside_the_measured(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as ana, socket_of(acme.caio, server.ws) as caio:
        told_until(ana, acme.caio, connected=True)
        reply = caio.ask("presence:update", status="busy")["data"]
        assert (reply["status"], reply["availability"], reply["connected"]) == ("busy", "busy", True)
        assert told(ana, acme.caio)["status"] == "busy"
        caio.ask("presence:update", status="busy")  # no news
        caio.ask("presence:update", status="offline")
        hidden = told(ana, acme.caio)
        assert (hidden["status"], hidden["connected"]) == ("offline", True)
        assert caio.ask("presence:update", status="dancing")["error"]["fields"].keys() == {"status"}
    acme.caio.refresh_from_db()
    assert acme.caio.availability == "offline"


def test_person_is_away_when_all_their_sockets_are_idle(server: Program, acme: Company) -> None:
    with (
        socket_of(acme.ana, server.ws) as ana,
        socket_of(acme.caio, server.ws) as tab,
        socket_of(acme.caio, server.ws) as phone,
    ):
        told_until(ana, acme.caio, connected=True)
        tab.ask("presence:update", idle=True)
        phone.ask("presence:update", idle=True)
        away = told(ana, acme.caio)
        assert (away["status"], away["availability"], away["idle"]) == ("away", "online", True)
        tab.ask("presence:update", idle=False)
        assert told(ana, acme.caio)["status"] == "online"
        tab.ask("presence:update", status="busy", idle=True)
        assert told_until(ana, acme.caio, idle=True)["status"] == "busy"


@pytest.mark.fault
def test_people_of_a_killed_server_are_gone_and_those_who_are_elsewhere_stay(quick: Program, acme: Company) -> None:
    conversation = str(conversation_with(acme).pk)
    with (
        serve(settings.REDIS_URL, PRESENCE_TTL_SECONDS="4") as doomed,
        socket_of(acme.ana, quick.ws) as ana,
        socket_of(acme.bruno, doomed.ws) as bruno,
        socket_of(acme.bruno, quick.ws),
        socket_of(acme.caio, doomed.ws) as caio,
    ):
        caio.ask("conversation:join", conversationId=conversation)
        bruno.ask("conversation:join", conversationId=conversation)
        until(lambda: len(viewers(ana, conversation)) == 2)
        told_until(ana, acme.caio, connected=True)
        doomed.process.kill()
        gone = told_until(ana, acme.caio, connected=False)
        assert gone["status"] == "offline"
        assert listed(ana) == {str(acme.ana.pk): "online", str(acme.bruno.pk): "online"}
        until(lambda: viewers(ana, conversation) == [])
        with tenant_scope(acme.tenant):
            assert User.objects.get(pk=acme.caio.pk).last_seen_at
            assert User.objects.get(pk=acme.bruno.pk).last_seen_at is None


def viewers(socket: Socket, conversation_id: str) -> list[str]:
    """The names of those who look at a conversation."""
    items = socket.ask("viewers:list")["data"]["items"]
    return [each["name"] for item in items if item["conversationId"] == conversation_id for each in item["viewers"]]


def test_viewers_follow_joining_leaving_idling_and_closing(quick: Program, acme: Company) -> None:
    conversation = str(conversation_with(acme).pk)
    with socket_of(acme.ana, quick.ws) as ana:
        with socket_of(acme.caio, quick.ws) as caio:
            for command, seen in (("conversation:join", ["Caio"]), ("conversation:leave", [])):
                caio.ask(command, conversationId=conversation)
                event = ana.next("conversation:viewers")["data"]
                assert event["conversationId"] == conversation
                assert [each["name"] for each in event["viewers"]] == seen
            caio.ask("conversation:join", conversationId=conversation)
            assert ana.next("conversation:viewers")["data"]["viewers"][0]["id"] == str(acme.caio.pk)
            assert viewers(ana, conversation) == ["Caio"]
            for idle, seen in ((True, []), (False, ["Caio"])):
                caio.ask("presence:update", idle=idle)
                assert [each["name"] for each in ana.next("conversation:viewers")["data"]["viewers"]] == seen
        assert ana.next("conversation:viewers")["data"]["viewers"] == []


def test_viewers_of_colleagues_conversations_are_heard_by_those_in_them_only(server: Program, acme: Company) -> None:
    conversation = conversation_with(acme)
    with tenant_scope(acme.tenant):
        Conversation.objects.filter(pk=conversation.pk).update(kind=ConversationKind.GROUP, contact=None)
        Participant.objects.create(conversation=conversation, user=acme.caio)
    with socket_of(acme.ana, server.ws) as outside, socket_of(acme.caio, server.ws) as inside:
        inside.ask("conversation:join", conversationId=str(conversation.pk))
        assert inside.next("conversation:viewers")["data"]["viewers"][0]["name"] == "Caio"
        inside.ask("typing:start", conversationId=str(conversation.pk))
        assert inside.next("typing:start")
        happen(acme.tenant, 1)
        outside.next("conversation:updated")  # whatever was told before it has come
        assert not any("conversation:viewers" in frame or "typing:start" in frame for frame in outside.frames)
