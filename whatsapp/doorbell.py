"""Waking the ingest worker: one bell however many deliveries, and none while one is ringing.

The bell is a wake-up, never the queue: if Redis is away or loses it, the rows wait and beat rings again.
"""

import logging
from functools import cache

import redis
from django.conf import settings

_KEY = "recado:doorbell:ingest"
_RINGING = 2_000  # milliseconds after which a bell that nobody answered no longer silences others

logger = logging.getLogger(__name__)


@cache
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def ring() -> None:
    """Wake the ingest worker unless it has been woken and not yet begun to look."""
    from whatsapp.tasks import drain_deliveries  # noqa: PLC0415  the task rings back here

    try:
        if _redis().set(_KEY, 1, nx=True, px=_RINGING):
            drain_deliveries.apply_async(retry=False)
    except Exception:  # noqa: BLE001  redis and kombu raise their own kinds; all mean the same
        logger.warning("The doorbell is out of order; deliveries wait for the next ring.")


def answered() -> None:
    """The worker is about to look: whoever stores from now on has to ring again."""
    _redis().delete(_KEY)
