"""Who is typing: relayed to those whom it concerns, debounced, over by itself."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from events.catalogue import EventData
from events.objects import Ref
from realtime import typists
from realtime.messages import group
from realtime.typists import Typing, Typists
from tests.cast import Company
from tests.realtime.client import socket_of
from tests.realtime.happenings import conversation_with
from tests.realtime.serving import Program

TYPING = Typing(uuid4(), uuid4(), ("tenant",), Ref(id="1", name="Ana", kind="user"))


class Told(list[str]):
    """What the hubs were told."""

    def __call__(self, _tenant_id: UUID, _rooms: Sequence[str], event: EventData) -> None:
        self.append(event.type)

    async def becomes(self, *kinds: str) -> None:
        """Wait until just this was told."""
        await _until(lambda: self == list(kinds))


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - what it waits for sets no event
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typists, "START_SECONDS", 0.2)
    monkeypatch.setattr(typists, "END_SECONDS", 1.0)


async def test_many_starts_are_told_once_and_end_by_themselves() -> None:
    here = Typists(told := Told())
    assert [here.start(TYPING) for _ in range(20)] == [True] + [False] * 19
    assert told == ["typing:start"]
    await told.becomes("typing:start", "typing:stop")
    await _until(lambda: not here._typists)


async def test_start_is_told_again_while_it_goes_on() -> None:
    here = Typists(told := Told())
    here.start(TYPING)
    await _until(lambda: here.start(TYPING))
    assert told == ["typing:start", "typing:start"]
    await told.becomes("typing:start", "typing:start", "typing:stop")


async def test_stop_is_told_once_and_a_quick_start_waits() -> None:
    here = Typists(told := Told())
    here.stop(TYPING)
    here.start(TYPING)
    here.stop(TYPING)
    here.stop(TYPING)
    assert told == ["typing:start", "typing:stop"]
    assert not here.start(TYPING)
    await told.becomes("typing:start", "typing:stop", "typing:start")


@pytest.mark.django_db(transaction=True)
def test_typing_is_heard_by_colleagues_and_no_neighbour(server: Program, acme: Company, globex: Company) -> None:
    conversation = str(conversation_with(acme).pk)
    with (
        socket_of(acme.ana, server.ws) as board,
        socket_of(acme.caio, server.ws) as panel,
        socket_of(globex.gil, server.ws) as gil,
    ):
        for command in ("typing:start", "typing:stop"):
            assert panel.ask(command, conversationId=conversation)["error"]["code"] == "not_found"
        panel.ask("conversation:join", conversationId=conversation)
        assert panel.ask("typing:start", conversationId=conversation)["data"] == {"conversationId": conversation}
        started = board.next("typing:start")
        assert "seq" not in started
        assert started["data"] == {
            "conversationId": conversation,
            "user": {"id": str(acme.caio.pk), "name": "Caio", "kind": "user"},
        }
        panel.ask("typing:stop", conversationId=conversation)
        assert board.next("typing:stop")["data"] == started["data"]
        assert gil.ask("typing:start", conversationId=conversation)["error"]["code"] == "not_found"
        assert not any(conversation in frame for frame in gil.frames)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("strange", [{}, {"tenant": "nobody"}, {"tenant": None, "events": b""}, {"events": b"\xc1"}])
def test_message_of_another_release_does_not_deafen_a_process(
    server: Program, acme: Company, strange: dict[str, Any]
) -> None:
    tenant_id = acme.tenant.pk
    message = {"type": "events", "tenant": str(tenant_id), **strange}
    conversation = str(conversation_with(acme).pk)
    with socket_of(acme.ana, server.ws) as board, socket_of(acme.caio, server.ws) as panel:
        panel.ask("conversation:join", conversationId=conversation)
        async_to_sync(get_channel_layer().group_send)(group(tenant_id), message)
        panel.ask("typing:start", conversationId=conversation)
        assert board.next("typing:start")["data"]["conversationId"] == conversation
