"""Who is in which room of a tenant, over all processes: one sorted set in Redis, scored by when each sign of life ends.

A member is `<room> <user> <mark><process>`: every process writes of its own sockets only, renews what is still so, and
lets lapse what is not. Whoever takes a lapsed member out, or puts a new one in, is told what that changed: so every
change is told by one process, once.
"""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.conf import settings

from realtime.store import prefixed, synchronous

if TYPE_CHECKING:
    from redis.asyncio import Redis

KEPT_SECONDS = 7 * 24 * 3600
"""After that nobody asks any more who was last seen in a tenant."""


class Mark(StrEnum):
    """What is known of somebody's sockets in a room: one of them at least is used, or none is."""

    ACTIVE = "a"
    IDLE = "i"


Standing: TypeAlias = dict[str, dict[UUID, Mark]]
"""By room: who is in it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody stands differently in a room than before: `mark` is None when they have gone, `seen_at` until when."""

    room: str
    user_id: UUID
    mark: Mark | None
    seen_at: datetime


def ttl() -> float:
    """Seconds after which a killed process's people are gone: four beats, so that a late one does no harm."""
    return float(settings.PRESENCE_TTL_SECONDS)


def beat() -> float:
    """Seconds between two renewals; also how long somebody may take to come back before they are gone."""
    return ttl() / 4


# KEYS: the set, when it was last looked after. ARGV: seconds of silence, of reprieve, to keep; then member, seconds …
# (0: take out at once). Returns room and user, mark or '-', and until when, of everybody who now stands differently.
#
# After a silence (Redis was away, the machine slept) nobody could renew: what has lapsed is given a reprieve.
_SETTLE = """
local key, time = KEYS[1], redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000

local function standing()
  local found = {}
  for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    local subject, mark = string.match(member, '^(%S+ %S+) (%a)')
    if mark == 'a' or not found[subject] then found[subject] = mark end
  end
  return found
end

local before, ended = standing(), {}
for place = 4, #ARGV, 2 do
  local member, seconds = ARGV[place], tonumber(ARGV[place + 1])
  if seconds > 0 then redis.call('ZADD', key, now + seconds, member) else redis.call('ZREM', key, member) end
end

local silent = now - tonumber(redis.call('GET', KEYS[2]) or now) > tonumber(ARGV[1])
local lapsed = redis.call('ZRANGEBYSCORE', key, '-inf', now, 'WITHSCORES')
for place = 1, #lapsed, 2 do
  if silent then
    redis.call('ZADD', key, now + tonumber(ARGV[2]), lapsed[place])
  else
    redis.call('ZREM', key, lapsed[place])
    ended[string.match(lapsed[place], '^(%S+ %S+)')] = lapsed[place + 1]
  end
end
redis.call('SET', KEYS[2], tostring(now), 'EX', ARGV[3])
redis.call('EXPIRE', key, ARGV[3])

local after, changes = standing(), {}
local function tell(subject, mark)
  for _, word in ipairs({subject, mark, ended[subject] or tostring(now)}) do changes[#changes + 1] = word end
end
for subject, mark in pairs(after) do
  if before[subject] ~= mark then tell(subject, mark) end
end
for subject in pairs(before) do
  if not after[subject] then tell(subject, '-') end
end
return changes
"""


class Roster:
    """Writes what this process knows."""

    def __init__(self, redis: "Redis") -> None:
        self._settle = redis.register_script(_SETTLE)

    async def settle(self, tenant_id: UUID, signs: Mapping[str, float]) -> list[Change]:
        """Write signs of life (seconds by member, 0 takes one out), let lapse what is over; who stands differently now.

        Raises RedisError.
        """
        key = _key(tenant_id)
        told: list[Any] = [beat() * 2.5, beat() * 1.5, KEPT_SECONDS]
        for member, seconds in signs.items():
            told += (member, seconds)
        found = [word.decode() for word in await self._settle(keys=[key, f"{key}:settled"], args=told)]
        return [_change(*words) for words in zip(*[iter(found)] * 3, strict=True)]


def _key(tenant_id: UUID) -> str:
    return prefixed("roster", tenant_id)


def member(room: str, user_id: UUID, mark: Mark, process: str) -> str:
    """How the set names one person in one room of one process."""
    return f"{room} {user_id.hex} {mark}{process}"


def _change(subject: str, mark: str, until: str) -> Change:
    room, _, user = subject.partition(" ")
    return Change(room, UUID(user), None if mark == "-" else Mark(mark), datetime.fromtimestamp(float(until), UTC))


def standing(tenant_id: UUID) -> Standing:
    """Who is in which room now. Raises RedisError."""
    redis: Any = synchronous()
    found: defaultdict[str, dict[UUID, Mark]] = defaultdict(dict)
    for name in redis.zrangebyscore(_key(tenant_id), time.time(), "inf"):
        room, user, mark = name.decode().split(" ")
        people, user_id = found[room], UUID(user)
        if mark[0] == Mark.ACTIVE or user_id not in people:
            people[user_id] = Mark(mark[0])
    return dict(found)
