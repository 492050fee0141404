"""How many sockets a user may hold: a sorted set per user in Redis, by when each seat ends unless renewed."""

from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from redis.exceptions import RedisError

from realtime.store import prefixed

if TYPE_CHECKING:
    from redis.asyncio import Redis

RENEW_SECONDS = 20.0
PIPELINE = 500
SEAT_SECONDS = 60
"""Three beats: what a killed process held is free again after this long."""

# KEYS[1] the user's seats; ARGV socket, seconds, how many there may be. Returns whether there is a seat.
_TAKE = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""


class Seats:
    """The seats taken by this process's sockets."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._take = redis.register_script(_TAKE)
        self._taken: dict[str, UUID] = {}

    async def take(self, user_id: UUID, socket_id: str) -> bool:
        """A seat for this socket, or False. Without Redis there is always one."""
        try:
            free = await self._take(
                keys=[prefixed("seats", user_id)], args=[socket_id, SEAT_SECONDS, settings.SOCKETS_PER_USER]
            )
        except RedisError:
            free = True
        if free:
            self._taken[socket_id] = user_id
        return bool(free)

    async def free(self, socket_id: str) -> None:
        """Free the seat; without Redis it frees itself."""
        user_id = self._taken.pop(socket_id, None)
        if user_id is None:
            return
        try:
            await self._redis.zrem(prefixed("seats", user_id), socket_id)
        except RedisError:
            return

    async def renew(self) -> None:
        """Keep the seats of sockets that are still here. Raises RedisError."""
        seconds, _ = await self._redis.time()
        seats = iter(tuple(self._taken.items()))
        while some := list(islice(seats, PIPELINE)):
            async with self._redis.pipeline(transaction=False) as pipeline:
                for socket_id, user_id in some:
                    pipeline.zadd(prefixed("seats", user_id), {socket_id: seconds + SEAT_SECONDS})
                    pipeline.expire(prefixed("seats", user_id), SEAT_SECONDS)
                await pipeline.execute()
