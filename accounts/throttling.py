"""Guessing passwords is slowed down by counting failures per address and person."""

import hashlib
import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

ATTEMPTS = 8
WINDOW_SECONDS = 10 * 60


def _key(address: str, email: str) -> str:
    digest = hashlib.sha256(f"{address}|{email.strip().lower()}".encode()).hexdigest()
    return f"sign-in:{digest}"


def is_blocked(address: str, email: str) -> bool:
    """Whether too many attempts have failed lately. Without Redis nobody is kept out."""
    try:
        return bool(cache.get(_key(address, email), 0) >= ATTEMPTS)
    except RedisError:
        logger.warning("Sign-ins are not counted: Redis does not answer.")
        return False


def count_failure(address: str, email: str) -> None:
    """Remember a wrong password for WINDOW_SECONDS from the first one."""
    key = _key(address, email)
    try:
        if not cache.add(key, 1, WINDOW_SECONDS):
            cache.incr(key)
    except (RedisError, ValueError):  # ValueError: it expired in between
        logger.warning("A failed sign-in was not counted.")
