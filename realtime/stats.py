"""How many sockets there are, over all processes: each writes its own counts, which die with it."""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from redis.exceptions import RedisError

from realtime.feed import Feed
from realtime.store import prefixed, synchronous

if TYPE_CHECKING:
    from redis.asyncio import Redis

BEAT_SECONDS = 5.0
TTL_SECONDS = 15
"""Three beats: a killed process disappears after this long."""

SETTLE_SECONDS = 0.05
"""Sockets that come and go within this time are written down together."""

PROCESSES: Final = prefixed("processes")


def read(tenant_id: UUID | None = None) -> dict[str, Any]:
    """`totalConnections` and `connectionsByTenant` over all processes; of one tenant only if it is named.

    Raises RedisError: without Redis nobody knows.
    """
    by_tenant: Counter[str] = Counter()
    for counts in _by_process():
        by_tenant.update({tenant.decode(): int(count) for tenant, count in counts.items() if tenant})
    if tenant_id is not None:
        by_tenant = Counter({str(tenant_id): by_tenant[str(tenant_id)]})
    return {"totalConnections": by_tenant.total(), "connectionsByTenant": dict(+by_tenant)}


def _by_process() -> list[dict[bytes, bytes]]:
    redis: Any = synchronous()
    processes = list(redis.smembers(PROCESSES))
    with redis.pipeline(transaction=False) as pipeline:
        for process in processes:
            pipeline.hgetall(prefixed("sockets", process.decode()))
        found = pipeline.execute()
    if dead := [process for process, counts in zip(processes, found, strict=True) if not counts]:
        redis.srem(PROCESSES, *dead)
    return [counts for counts in found if counts]


class Counts:
    """This process's counts in Redis: written on change and on every beat."""

    def __init__(self, redis: "Redis", feeds: Mapping[UUID, Feed]) -> None:
        self._redis, self._feeds = redis, feeds
        self.process = f"{socket.gethostname()}.{os.getpid()}.{uuid4().hex[:8]}"
        self.changed = asyncio.Event()

    async def write(self) -> None:
        """Replace what is written by what is so. Raises RedisError."""
        await asyncio.sleep(SETTLE_SECONDS)
        self.changed.clear()
        counts: dict[Any, Any] = {"": 0} | {str(tenant_id): len(feed.sinks) for tenant_id, feed in self._feeds.items()}
        key = prefixed("sockets", self.process)
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.delete(key)
            pipeline.hset(key, mapping=counts)  # "" tells a process without sockets from a dead one
            pipeline.expire(key, TTL_SECONDS)
            pipeline.sadd(PROCESSES, self.process)
            await pipeline.execute()

    async def withdraw(self) -> None:
        """This process ends."""
        try:
            await self._redis.delete(prefixed("sockets", self.process))
            await self._redis.srem(PROCESSES, self.process)
        except RedisError:
            return  # the key dies by itself
