"""Who is typing where: relayed, debounced, never stored.

A start is told at once and then at most every START_SECONDS; END_SECONDS after the last start it is over by itself.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from events.catalogue import EventData
from events.objects import Ref
from realtime.ephemeral import TypingStart, TypingStop

START_SECONDS = 3.0
END_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody who writes in a conversation, and the rooms that may know."""

    tenant_id: UUID
    conversation_id: UUID
    rooms: Sequence[str]
    user: Ref


@dataclass(slots=True)
class _Typist:
    """`told_at` is when the last start was told; `is_shown`: no stop has been told since."""

    told_at: float
    timer: asyncio.TimerHandle
    is_shown: bool = True


class Typists:
    """Those of this process. Only called on the event loop; `tell` takes a tenant's id, rooms and an event."""

    def __init__(self, tell: Callable[[UUID, Sequence[str], EventData], None]) -> None:
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._typists: dict[tuple[UUID, str | None], _Typist] = {}

    def start(self, typing: Typing) -> bool:
        """Somebody writes, or still does; whether this was told now."""
        key, now = (typing.conversation_id, typing.user.id), self._loop.time()
        typist = self._typists.get(key)
        if typist is None or now >= typist.told_at + START_SECONDS:
            self._tell_start(typing)
            return True
        typist.timer.cancel()
        if typist.is_shown:
            typist.timer = self._loop.call_later(END_SECONDS, self.stop, typing)
        else:  # stopped a moment ago
            typist.timer = self._loop.call_at(typist.told_at + START_SECONDS, self._tell_start, typing)
        return False

    def stop(self, typing: Typing) -> None:
        """They do not write any more. Nothing happens to somebody who did not."""
        key = (typing.conversation_id, typing.user.id)
        typist = self._typists.get(key)
        if typist is None:
            return
        typist.timer.cancel()
        typist.timer = self._loop.call_at(typist.told_at + START_SECONDS, self._typists.pop, key, None)
        if typist.is_shown:
            typist.is_shown = False
            self._tell(typing.tenant_id, typing.rooms, TypingStop(conversation_id=str(key[0]), user=typing.user))

    def _tell_start(self, typing: Typing) -> None:
        key = (typing.conversation_id, typing.user.id)
        if typist := self._typists.get(key):
            typist.timer.cancel()
        timer = self._loop.call_later(END_SECONDS, self.stop, typing)
        self._typists[key] = _Typist(self._loop.time(), timer)
        self._tell(typing.tenant_id, typing.rooms, TypingStart(conversation_id=str(key[0]), user=typing.user))
