"""How many sockets a user may hold: a sorted set per user in Redis, by when each seat ends unless renewed."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.conf import settings
from redis.exceptions import RedisError

from realtime.gathering import Gathering
from realtime.store import prefixed

if TYPE_CHECKING:
    from redis.asyncio import Redis

RENEW_SECONDS = 20.0
PIPELINE = 500
SEAT_SECONDS = 60
"""Three beats: what a killed process held is free again after this long."""

# KEYS the users' seats; ARGV seconds, how many there may be, then a socket for each key. Returns which have a seat.
_TAKE = """
local now, found = tonumber(redis.call('TIME')[1]), {}
for place, key in ipairs(KEYS) do
  local socket = ARGV[place + 2]
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  if redis.call('ZCARD', key) < tonumber(ARGV[2]) or redis.call('ZSCORE', key, socket) then
    redis.call('ZADD', key, now + ARGV[1], socket)
    redis.call('EXPIRE', key, ARGV[1])
    found[place] = 1
  else
    found[place] = 0
  end
end
return found
"""

Seat: TypeAlias = tuple[UUID, str]
"""Whose it is, and the socket that takes it."""


class Seats:
    """The seats taken by this process's sockets."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._take = redis.register_script(_TAKE)
        self._taking, self._freeing = Gathering(self._take_all, PIPELINE), Gathering(self._free_all, PIPELINE)
        self._taken: dict[str, UUID] = {}

    async def take(self, user_id: UUID, socket_id: str) -> bool:
        """A seat for this socket, or False. Without Redis there is always one."""
        try:
            free = await self._taking.answer((user_id, socket_id))
        except RedisError:
            free = True
        if free:
            self._taken[socket_id] = user_id
        return free

    async def _take_all(self, seats: Sequence[Seat]) -> list[bool]:
        keys, sockets = [prefixed("seats", user_id) for user_id, _ in seats], [socket_id for _, socket_id in seats]
        found = await self._take(keys=keys, args=[SEAT_SECONDS, settings.SOCKETS_PER_USER, *sockets])
        return [bool(free) for free in found]

    async def free(self, socket_id: str) -> None:
        """Free the seat; without Redis it frees itself."""
        user_id = self._taken.pop(socket_id, None)
        if user_id is None:
            return
        with suppress(RedisError):
            await self._freeing.answer((user_id, socket_id))

    async def _free_all(self, seats: Sequence[Seat]) -> list[Any]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for user_id, socket_id in seats:
                pipeline.zrem(prefixed("seats", user_id), socket_id)
            return await pipeline.execute()

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
