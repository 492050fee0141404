"""`/ws/status`: the same socket, which tells only statuses once somebody has subscribed."""

from collections.abc import Sequence
from uuid import uuid4

import pytest

from events.audience import EVERYONE
from events.catalogue import MessageStatusUpdate
from events.emit import action, emit
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.realtime.client import socket_of
from tests.realtime.happenings import conversation_with, happen
from tests.realtime.serving import Program

pytestmark = pytest.mark.django_db(transaction=True)


def status_changes(tenant: Tenant, conversation_id: str, *statuses: str, audience: Sequence[str] = EVERYONE) -> None:
    @action
    def change() -> None:
        for status in statuses:
            event = MessageStatusUpdate(
                conversation_id=conversation_id, message_id="m", client_id=None, status=status, version=1
            )
            emit(event, audience)

    with tenant_scope(tenant):
        change()


def test_statuses_of_subscribed_conversations_are_heard_and_nothing_else(server: Program, acme: Company) -> None:
    mine, other = (str(conversation_with(acme, phone=phone).pk) for phone in ("5511888888888", "5511777777777"))
    with socket_of(acme.ana, f"{server.ws}status") as socket:
        status_changes(acme.tenant, mine, "SENT")
        assert socket.next()["type"] == "message:status-update"  # as on /ws/, until there is a subscription
        assert socket.ask("subscribe", conversationId=mine)["data"] == {"conversationId": mine}

        happen(acme.tenant, 1)
        status_changes(acme.tenant, other, "READ")
        status_changes(acme.tenant, mine, "DELIVERED", "READ")
        heard = [socket.next() for _ in range(2)]
        assert [event["type"] for event in heard] == ["message.status"] * 2
        assert [event["data"]["status"] for event in heard] == ["DELIVERED", "READ"]
        assert [event["seq"] for event in heard] == [4, 5]
        missed = socket.ask("events:since", seq=4)["data"]["events"]
        assert [event["type"] for event in missed] == ["message:status-update"]

        assert socket.ask("unsubscribe", conversationId=[mine])["status"] == "ok"
        happen(acme.tenant, 2)
        assert socket.next()["type"] == "conversation:updated"


def test_several_are_subscribed_at_once_or_none(server: Program, acme: Company, globex: Company) -> None:
    ours, theirs = str(conversation_with(acme).pk), str(conversation_with(globex).pk)
    with socket_of(acme.ana, f"{server.ws}status") as socket:
        for stranger in (theirs, str(uuid4())):
            assert socket.ask("subscribe", conversationId=[ours, stranger])["error"]["code"] == "not_found"
        assert "conversationId" in socket.ask("subscribe", conversationId=[])["error"]["fields"]
        happen(acme.tenant, 1)
        assert socket.next()["type"] == "conversation:updated"

        assert socket.ask("subscribe", conversationId=[ours])["data"] == {"conversationId": [ours]}
        status_changes(globex.tenant, theirs, "READ")
        status_changes(acme.tenant, ours, "READ")
        assert socket.next()["data"]["conversationId"] == ours


def test_statuses_for_somebody_else_are_not_heard(server: Program, acme: Company) -> None:
    conversation_id = str(conversation_with(acme).pk)
    with socket_of(acme.ana, f"{server.ws}status") as socket:
        assert socket.ask("subscribe", conversationId=conversation_id)["status"] == "ok"
        status_changes(acme.tenant, conversation_id, "SENT", audience=[f"user:{acme.caio.pk}"])
        status_changes(acme.tenant, conversation_id, "READ")
        assert socket.next()["data"]["status"] == "READ"


def test_names_of_statuses_are_known_only_there(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        assert socket.ask("subscribe", conversationId=str(uuid4()))["error"]["code"] == "unknown_command"
