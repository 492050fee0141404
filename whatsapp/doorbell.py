"""Waking the ingest worker: one bell however many deliveries, and none while one is ringing.

The bell is a wake-up, never the queue: if Redis is away or loses it, the rows wait and beat rings again.
"""

import logging
from functools import cache

import redis
from celery import current_app
from django.conf import settings

_KEY = "recado:doorbell:ingest"
_RINGING = 2_000  # milliseconds after which a bell that nobody answered no longer silences others

logger = logging.getLogger(__name__)


@cache
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def wake(task: str, *arguments: str) -> None:
    """Send a worker to a row, by the task's name: tasks stand above everything that rings for them."""
    try:
        current_app.send_task(task, arguments, retry=False)
    except Exception:  # noqa: BLE001  kombu and redis raise their own kinds; all mean that Redis is away
        logger.warning("No worker could be woken for %s; the row waits for the next ring.", task)


def ring() -> None:
    """Wake the ingest worker unless it has been woken and has not said yet that the inbox is empty."""
    try:
        silent = _redis().set(_KEY, 1, nx=True, px=_RINGING)
    except redis.RedisError:
        logger.warning("The doorbell is out of order; deliveries wait for the next ring.")
        return
    if silent:
        wake("whatsapp.tasks.drain_deliveries")


def answered() -> None:
    """The inbox is empty: whoever stores from now on has to ring again. Look once more for who rang a moment ago.

    Freed after the work and not before it, so that a busy worker is not sent a task for every few milliseconds.
    """
    _redis().delete(_KEY)
