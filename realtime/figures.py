"""The traffic of all processes: each writes its own tallies to Redis, whence any process reads all of them.

They die with the process that wrote them, as its counts of sockets do (realtime/stats.py).
"""

import asyncio
import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from msgspec import Struct
from redis.exceptions import RedisError

from realtime.feed import Feed
from realtime.meter import Meter
from realtime.stats import PROCESSES, TTL_SECONDS
from realtime.store import prefixed, synchronous
from realtime.tally import Tally, Transport

if TYPE_CHECKING:
    from redis.asyncio import Redis

BEAT_SECONDS = 2.0
TICK_SECONDS = 0.5
"""How often the event loop is asked how late it is."""

_ABOUT = "process"
_NOBODY = "nobody"
"""Instead of a tenant's id: connections that have not signed in."""


class About(Struct, array_like=True):
    """A process: `window` is of how many seconds its recent figures are, `lag` the worst of its event loop in them,
    in seconds, and `behind` how many events of a tenant its sockets have not been told yet.
    """

    host: str
    pid: int
    began_at: float
    window: float
    lag: float
    behind: int
    is_web: bool = True


class _Written(Struct, array_like=True):
    total: Tally
    recent: Tally


_encode = msgspec.msgpack.Encoder().encode
_about = msgspec.msgpack.Decoder(About).decode
_written = msgspec.msgpack.Decoder(dict[Transport, _Written]).decode


@dataclass(slots=True)
class Traffic:
    """Tallies put together: since the processes began, and of the last minute, whence the messages a second."""

    total: Tally = field(default_factory=Tally)
    recent: Tally = field(default_factory=Tally)
    in_per_second: float = 0.0
    out_per_second: float = 0.0

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(
            self.total + other.total,
            self.recent + other.recent,
            self.in_per_second + other.in_per_second,
            self.out_per_second + other.out_per_second,
        )


@dataclass(frozen=True, slots=True)
class Process:
    """One process's figures by transport; `name` is unlike that of any other process, ever."""

    name: str
    about: About
    transports: Mapping[Transport, Traffic]


def together(traffic: Iterable[Traffic]) -> Traffic:
    """All of it in one."""
    return sum(traffic, Traffic())


def read(tenant_id: UUID | None = None) -> list[Process]:
    """The processes that live, oldest first; with a tenant only those that had to do with it, and its part of them.

    Raises RedisError.
    """
    found = [_process(name, fields, tenant_id) for name, fields in _by_process()]
    return sorted(
        (each for each in found if each.transports or tenant_id is None), key=lambda each: each.about.began_at
    )


def _by_process() -> Iterator[tuple[str, dict[bytes, bytes]]]:
    redis: Any = synchronous()
    names = [name.decode() for name in redis.smembers(PROCESSES)]
    with redis.pipeline(transaction=False) as pipeline:
        for name in names:
            pipeline.hgetall(_key(name))
        found = pipeline.execute()
    return ((name, fields) for name, fields in zip(names, found, strict=True) if fields)


def _process(name: str, fields: dict[bytes, bytes], tenant_id: UUID | None) -> Process:
    about = _about(fields.pop(_ABOUT.encode()))
    mine = fields.values() if tenant_id is None else filter(None, [fields.get(str(tenant_id).encode())])
    transports: dict[Transport, Traffic] = {}
    for written in map(_written, mine):
        for transport, each in written.items():
            transports[transport] = transports.get(transport, Traffic()) + _traffic(each, about.window)
    return Process(name, about, transports)


def _traffic(written: _Written, window: float) -> Traffic:
    recent = written.recent
    return Traffic(written.total, recent, recent.messages_in / window, recent.messages_out / window)


def _key(process: str) -> str:
    return prefixed("traffic", process)


class Figures:
    """This process's figures in Redis."""

    def __init__(self, redis: "Redis", process: str, meter: Meter, feeds: Mapping[UUID, Feed]) -> None:
        self._redis, self._process, self._meter, self._feeds = redis, process, meter, feeds
        self._began_at = time.time()
        self.is_web = True

    async def write(self) -> None:
        """Replace what is written. Raises RedisError."""
        key = _key(self._process)
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.hset(key, mapping=self._fields())
            pipeline.expire(key, TTL_SECONDS)
            await pipeline.execute()

    def _fields(self) -> dict[Any, Any]:
        self._meter.pollers.forget()
        recent = self._meter.recent()
        behind = max((feed.newest - feed.seq for feed in self._feeds.values()), default=0)
        about = About(
            socket.gethostname(), os.getpid(), self._began_at, recent.seconds, recent.lag, behind, self.is_web
        )
        tenants: dict[str, dict[Transport, _Written]] = {}
        for (tenant_id, transport), tally in recent.tallies.items():
            written = _Written(self._meter.tallies[tenant_id, transport], tally)
            tenants.setdefault(str(tenant_id or _NOBODY), {})[transport] = written
        return {_ABOUT: _encode(about)} | {name: _encode(written) for name, written in tenants.items()}

    async def withdraw(self) -> None:
        """This process ends."""
        try:
            await self._redis.delete(_key(self._process))
        except RedisError:
            return  # the key dies by itself

    async def watch_loop(self) -> None:
        """Find out for ever how late the event loop is."""
        loop = asyncio.get_running_loop()
        while True:
            due_at = loop.time() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            self._meter.late(loop.time() - due_at)
