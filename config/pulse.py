"""Workers tell Redis every few seconds that they are there, queue by queue; /readyz asks."""

import logging
from typing import Any

from celery import current_app
from celery.signals import heartbeat_sent, worker_ready
from django.conf import settings
from redis.exceptions import RedisError

from realtime.store import prefixed, synchronous
from whatsapp import doorbell

TTL_SECONDS = 10
"""Five of Celery's heartbeats: a killed worker is missed after this long."""

logger = logging.getLogger(__name__)


@worker_ready.connect
@heartbeat_sent.connect
def beat(**_: object) -> None:
    """Say that this worker serves its queues. Celery calls it, from the process that feeds the pool."""
    redis: Any = synchronous()
    try:
        for queue in current_app.amqp.queues.consume_from:
            redis.set(_key(queue), 1, ex=TTL_SECONDS)
    except RedisError:
        logger.warning("This worker's pulse was not written: Redis does not answer.")


def queues() -> list[str]:
    """Those that somebody has to serve."""
    routed = (route["queue"] for route in settings.CELERY_TASK_ROUTES.values())
    return sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *routed})


def missing() -> list[str]:
    """The queues that no worker serves. Raises RedisError."""
    wanted, redis = queues(), synchronous()
    return [queue for queue, pulse in zip(wanted, redis.mget(map(_key, wanted)), strict=True) if pulse is None]


def waiting() -> dict[str, int]:
    """How many tasks nobody has taken, queue by queue. Raises RedisError."""
    return {queue: doorbell.waiting(queue) for queue in queues()}


def _key(queue: str) -> str:
    return prefixed("pulse", queue)
