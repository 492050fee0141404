"""Waking a worker for a row: the row is the queue, the task only a bell."""

import logging

from celery import current_app
from django.conf import settings

from whatsapp import limits

logger = logging.getLogger(__name__)


def wake(task: str, *arguments: str) -> None:
    """Send a worker to a row, by the task's name: tasks stand above everything that rings for them."""
    try:
        current_app.send_task(task, arguments, retry=False)
    except Exception:  # noqa: BLE001  kombu and redis raise their own kinds; all mean that Redis is away
        logger.warning("No worker could be woken for %s; the row waits for the next ring.", task)


def waiting(queue: str) -> int:
    """How many bells nobody has heard yet. Raises RedisError."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    return int(limits.synchronous().llen(f"{prefix}{queue}"))
