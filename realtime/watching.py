"""Which tenants' boards are being watched, and in which languages: only those are rendered for.

Hubs tell Redis, with a time to live; whoever broadcasts asks, and remembers the answer for a second.
"""

import time
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any
from uuid import UUID

from redis.exceptions import RedisError

from realtime.store import prefixed, synchronous

if TYPE_CHECKING:
    from redis.asyncio import Redis

BEAT_SECONDS = 5.0
TTL_SECONDS = 15
REMEMBER_SECONDS = 1.0
REMEMBER_SILENCE_SECONDS = 5.0
"""A Redis that does not answer is not asked for a while: whoever broadcasts should not wait for it."""

_remembered: dict[UUID, tuple[float, list[str]]] = {}  # until when, which


async def tell(redis: "Redis", languages: Mapping[UUID, AbstractSet[str]]) -> None:
    """Say in which languages this process's sockets want HTML, by tenant. Raises RedisError."""
    wanted = {tenant_id: some for tenant_id, some in languages.items() if some}
    if not wanted:
        return
    until = time.time() + TTL_SECONDS
    async with redis.pipeline(transaction=False) as pipeline:
        for tenant_id, some in wanted.items():
            pipeline.zadd(prefixed("watched", tenant_id), dict.fromkeys(some, until))
            pipeline.expire(prefixed("watched", tenant_id), TTL_SECONDS)
        await pipeline.execute()


def languages(tenant_id: UUID) -> list[str]:
    """The languages in which somebody watches this tenant's board; none when Redis does not answer."""
    until, found = _remembered.get(tenant_id, (0.0, []))
    if until > time.monotonic():
        return found
    try:
        found, seconds = _ask(tenant_id), REMEMBER_SECONDS
    except RedisError:
        found, seconds = [], REMEMBER_SILENCE_SECONDS
    _remembered[tenant_id] = (time.monotonic() + seconds, found)
    return found


def _ask(tenant_id: UUID) -> list[str]:
    redis: Any = synchronous()
    key = prefixed("watched", tenant_id)
    return [language.decode() for language in redis.zrangebyscore(key, time.time(), "inf")]
