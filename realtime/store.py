"""Redis, for what processes share for seconds: limits, seats, counts. Everything here works on without it."""

import functools
from typing import TYPE_CHECKING

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

if TYPE_CHECKING:
    from redis import Redis
    from redis.asyncio import Redis as AsyncRedis

CONNECTIONS = 16
_TIMEOUTS = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}


def prefixed(*parts: object) -> str:
    """A key of ours: `recado:…`."""
    return ":".join(("recado", *map(str, parts)))


def asynchronous() -> "AsyncRedis":
    """A client for one event loop. One retry, at once: a pooled connection may have died with a restarted Redis.

    When many sockets come at once they wait for one of a few connections.
    """
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        settings.REDIS_URL, max_connections=CONNECTIONS, timeout=5, retry=AsyncRetry(NoBackoff(), 1), **_TIMEOUTS
    )
    return redis.asyncio.Redis.from_pool(pool)


@functools.cache
def synchronous() -> "Redis":
    """The client of this process's threads; its pool notices a fork."""
    return redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 1), **_TIMEOUTS)
