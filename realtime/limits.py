"""How many commands a user may send: a token bucket in Redis, over all sockets and processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from redis.exceptions import RedisError

from realtime.gathering import Gathering
from realtime.store import prefixed

if TYPE_CHECKING:
    from redis.asyncio import Redis

# KEYS the buckets; ARGV tokens per ms, burst. Returns for each 0, or after how many ms there will be a token.
_TAKE = """
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])

local function take(key)
  local bucket = redis.call('HMGET', key, 'tokens', 'at')
  local tokens = math.min(burst, (tonumber(bucket[1]) or burst) + (ms - (tonumber(bucket[2]) or ms)) * rate)
  if tokens < 1 then return math.ceil((1 - tokens) / rate) end
  redis.call('HSET', key, 'tokens', tostring(tokens - 1), 'at', ms)
  redis.call('PEXPIRE', key, math.ceil(burst / rate))
  return 0
end

local waits = {}
for place, key in ipairs(KEYS) do waits[place] = take(key) end
return waits
"""

TOGETHER = 100
"""Commands of many people that are counted in one round trip."""


class Bucket(StrEnum):
    """What is counted apart: pings and typing come by themselves and must not use up the commands."""

    COMMANDS = "commands"
    PINGS = "pings"
    TYPING = "typing"


@dataclass(frozen=True, slots=True)
class Allowance:
    """`per_minute` in the long run, `burst` at once."""

    per_minute: int
    burst: int


def allowance() -> Allowance:
    """What settings allow in each bucket."""
    return Allowance(settings.SOCKET_COMMANDS_PER_MINUTE, settings.SOCKET_COMMAND_BURST)


class Limits:
    """Asks Redis; without Redis everybody may."""

    def __init__(self, redis: "Redis") -> None:
        self._take = redis.register_script(_TAKE)
        self._taking = Gathering(self._take_all, TOGETHER)

    async def take(self, user_id: UUID, bucket: Bucket) -> int:
        """Use up one command: 0, or after how many milliseconds to try again."""
        try:
            return await self._taking.answer(prefixed("limit", bucket, user_id))
        except RedisError:
            return 0

    async def _take_all(self, buckets: Sequence[str]) -> list[int]:
        allowed = allowance()
        waits: list[int] = await self._take(keys=buckets, args=[allowed.per_minute / 60_000, allowed.burst])
        return waits
