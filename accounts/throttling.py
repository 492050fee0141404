"""Guessing passwords is slowed down by counting failures per address and person."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

ATTEMPTS = 8
WINDOW_SECONDS = 10 * 60


def _key(address: str, email: str) -> str:
    digest = hashlib.sha256(f"{address}|{email.strip().lower()}".encode()).hexdigest()
    return f"sign-in:{digest}"


class Blocked(Exception):
    """Too many attempts have failed lately."""


@contextmanager
def attempt(address: str, email: str, *, wrong: type[Exception]) -> Iterator[None]:
    """Around looking at a password: `wrong` raised inside is a failure. Raises Blocked.

    Also after it, when as many have failed meanwhile: of a hundred guesses at once no more are told apart than of a
    hundred one after the other.
    """
    if is_blocked(address, email):
        raise Blocked
    try:
        yield
    except wrong as error:
        if count_failure(address, email) > ATTEMPTS:
            raise Blocked from error
        raise
    if is_blocked(address, email):
        raise Blocked


def is_blocked(address: str, email: str) -> bool:
    """Whether too many attempts have failed lately. Without Redis nobody is kept out."""
    try:
        return bool(cache.get(_key(address, email), 0) >= ATTEMPTS)
    except RedisError:
        logger.warning("Sign-ins are not counted: Redis does not answer.")
        return False


def count_failure(address: str, email: str) -> int:
    """Remember a wrong password for WINDOW_SECONDS from the first one; how many there have been, as far as known."""
    key = _key(address, email)
    try:
        return 1 if cache.add(key, 1, WINDOW_SECONDS) else int(cache.incr(key))
    except (RedisError, ValueError):  # ValueError: it expired in between
        logger.warning("A failed sign-in was not counted.")
        return 0
