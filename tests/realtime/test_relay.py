"""What passes by often is told together."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec

from events.objects import Ref
from realtime.ephemeral import TypingStart
from realtime.messages import Ephemeral
from realtime.relay import Relay

ACME, GLOBEX = uuid4(), uuid4()


class Told(list[tuple[UUID, list[str]]]):
    """What left together: for which tenant, who was typing."""

    def __call__(self, tenant_id: UUID, events: Sequence[Ephemeral]) -> None:
        self.append((tenant_id, [_name(event) for event in events]))


def _name(event: Ephemeral) -> str:
    found: dict[str, Any] = msgspec.json.decode(event.text)
    return str(found["data"]["user"]["name"])


def typing(name: str) -> TypingStart:
    return TypingStart(conversation_id="1", user=Ref(id="1", name=name, kind="user"))


async def test_first_event_leaves_at_once_and_the_following_ones_together_and_in_order() -> None:
    relay = Relay(told := Told())
    for name in ("Ana", "Bruno", "Caio"):
        relay.tell(ACME, ["tenant"], typing(name))
    relay.tell(GLOBEX, ["tenant"], typing("Gil"))
    assert told == [(ACME, ["Ana"]), (GLOBEX, ["Gil"])]
    async with asyncio.timeout(10):
        while relay._waiting:  # noqa: ASYNC110 - what it waits for sets no event
            await asyncio.sleep(0.01)
    assert told[2:] == [(ACME, ["Bruno", "Caio"])]
    relay.tell(ACME, ["tenant"], typing("Sofia"))
    assert told[3:] == [(ACME, ["Sofia"])]
