"""Waking a worker for a row: the row is the queue, the task only a bell."""

import logging
from typing import Any

from celery import current_app

logger = logging.getLogger(__name__)


def wake(task: str, *arguments: str) -> None:
    """Send a worker to a row, by the task's name: tasks stand above everything that rings for them."""
    try:
        current_app.send_task(task, arguments, retry=False)
    except Exception:  # noqa: BLE001  kombu and redis raise their own kinds; all mean that Redis is away
        logger.warning("No worker could be woken for %s; the row waits for the next ring.", task)


def waiting(queue: str) -> int:
    """How many bells nobody has heard yet. Raises when Redis is away."""
    with current_app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        return int(channel.client.llen(queue))
