"""How fast WhatsApp lets us send: per number, and per number and customer. Counted in Redis for all workers together.

Source: 80 messages a second per number; one message in 6 s to the same customer, 45 of them lent in advance.
"""

import time
from contextlib import suppress
from functools import cache
from uuid import UUID

import redis
from django.conf import settings

NUMBER_RATE = 80.0  # messages per second
PAIR_RATE = 1 / 6  # messages per second
PAIR_BURST = 45

# A token bucket: returns 0 when a token was taken, else the milliseconds until there is one.
# ARGV: tokens per second, burst, now in seconds.
_TAKE = """
local level, at = unpack(redis.call('HMGET', KEYS[1], 'level', 'at'))
local rate, burst, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
level = math.min(burst, (tonumber(level) or burst) + math.max(0, now - (tonumber(at) or now)) * rate)
local wait = 0
if level >= 1 then level = level - 1 else wait = math.ceil((1 - level) / rate * 1000) end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - level) / rate * 1000) + 1000)
return wait
"""

# Takes all tokens, and those of the next seconds: then there is one. ARGV: tokens per second, seconds, now in seconds.
_DRAIN = """
local level, at = unpack(redis.call('HMGET', KEYS[1], 'level', 'at'))
local rate, seconds, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
level = math.min((tonumber(level) or 0) + math.max(0, now - (tonumber(at) or now)) * rate, 1 - seconds * rate)
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(-level / rate * 1000) + 2000)
"""


@cache
def synchronous() -> "redis.Redis":
    """For what can do without Redis: it waits a second at most."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def claim(key: str, seconds: float) -> bool:
    """Whether nobody else has claimed this during the last `seconds`. Without Redis nobody may."""
    try:
        return bool(synchronous().set(f"recado:claim:{key}", 1, nx=True, px=max(1, int(seconds * 1000))))
    except redis.RedisError:
        return False


def seconds_to_wait(number_id: UUID, address: str) -> float:
    """0 if a message may go now (and is counted), else how long it has to wait. Without Redis Meta's limits decide.

    The number first: a token that the pair's limit wastes is back in milliseconds, the other way round in seconds.
    """
    try:
        number = _take(_of_number(number_id), NUMBER_RATE, NUMBER_RATE)
        return number or _take(f"recado:rate:{number_id}:{address}", PAIR_RATE, PAIR_BURST)
    except redis.RedisError:
        return 0.0


def hold(number_id: UUID, seconds: float) -> None:
    """Let nothing leave over a number for a while: WhatsApp has said that it is too much.

    Without Redis every message is told so by itself.
    """
    with suppress(redis.RedisError):
        synchronous().eval(_DRAIN, 1, _of_number(number_id), NUMBER_RATE, seconds, time.time())


def _of_number(number_id: UUID) -> str:
    return f"recado:rate:{number_id}"


def _take(key: str, rate: float, burst: float) -> float:
    wait = synchronous().eval(_TAKE, 1, key, rate, burst, time.time())
    return float(wait) / 1000
