"""This process's tallies, by tenant and transport, and what they were a while ago."""

import functools
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from conversations.errors import DomainError
from realtime.tally import Tally, Transport

WINDOW_SECONDS = 60.0
"""Rates and times are those of this long, or since the process began."""

STEP_SECONDS = 5.0
"""How often the tallies are kept: by so much the window may be longer."""

Key: TypeAlias = tuple[UUID | None, Transport]
"""No tenant: of connections that have not signed in."""


@dataclass(frozen=True, slots=True)
class Recent:
    """What happened during the last `seconds`; `lag` is the worst of the event loop meanwhile, in seconds."""

    tallies: Mapping[Key, Tally]
    seconds: float
    lag: float


@dataclass(slots=True)
class _Step:
    at: float
    tallies: Mapping[Key, Tally]
    lag: float = 0.0


class Meter:
    """Hands out tallies, and remembers them for a window."""

    def __init__(self) -> None:
        self.tallies: dict[Key, Tally] = {}
        self.pollers = Pollers()
        self._steps = deque([_Step(time.monotonic(), {})])

    def tally(self, tenant_id: UUID | None, transport: Transport) -> Tally:
        """What to count in: get it once and keep it with the connection."""
        return self.tallies.setdefault((tenant_id, transport), Tally())

    def late(self, seconds: float) -> None:
        """The event loop did something this much later than it was due."""
        self._steps[-1].lag = max(self._steps[-1].lag, seconds)

    def recent(self) -> Recent:
        """The window that ends now."""
        now = time.monotonic()
        while len(self._steps) > 1 and self._steps[1].at <= now - WINDOW_SECONDS:
            self._steps.popleft()
        first, lag = self._steps[0], max(step.lag for step in self._steps)
        since = {key: tally - first.tallies.get(key, _NOTHING) for key, tally in tuple(self.tallies.items())}
        if now - self._steps[-1].at >= STEP_SECONDS:
            self._steps.append(_Step(now, {key: tally.copy() for key, tally in tuple(self.tallies.items())}))
        return Recent(since, max(now - first.at, 1.0), lag)

    @contextmanager
    def polling(self, tenant_id: UUID, user_id: UUID) -> Iterator[None]:
        """Somebody without a socket asks what happened; from any thread."""
        tally, code, began = self.tally(tenant_id, Transport.POLLING), "", time.perf_counter()
        try:
            yield
        except DomainError as error:
            code = error.code
            raise
        finally:
            self.pollers.polled(tally, user_id, code, time.perf_counter() - began)


_NOTHING = Tally()


class Pollers:
    """Who has asked lately instead of listening."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[UUID, tuple[float, Tally]] = {}

    def polled(self, tally: Tally, user_id: UUID, code: str, seconds: float) -> None:
        """Count one request and its answer."""
        with self._lock:
            tally.answered(code, seconds)
            tally.messages_out += 1
            tally.connections += user_id not in self._seen
            self._seen[user_id] = time.monotonic(), tally

    def forget(self) -> None:
        """Those who have not asked for a window are gone."""
        gone_at = time.monotonic() - WINDOW_SECONDS
        with self._lock:
            for user_id, (seen_at, tally) in tuple(self._seen.items()):
                if seen_at <= gone_at:
                    del self._seen[user_id]
                    tally.connections -= 1


@functools.cache
def meter() -> Meter:
    """This process's."""
    return Meter()
