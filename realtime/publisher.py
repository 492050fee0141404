"""One long-lived event loop and Redis connection per process, in a thread, for telling hubs what was committed.

`async_to_sync` per event would open a loop and a connection each time (2-3 ms). Everything is made on first use, so
that a forked child makes its own.
"""

import asyncio
import atexit
import logging
import os
import threading
from contextlib import suppress
from typing import Any

from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

QUEUED = 10_000
"""Messages that may wait while Redis is away. Older ones go: hubs read the log."""

SEND_SECONDS = 2.0


class Publisher:
    """Sends layer messages in the order in which they were put."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(QUEUED)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, name="publisher", daemon=True).start()

    def put(self, group: str, message: dict[str, Any]) -> None:
        """Queue a message; returns at once, from any thread."""
        self._loop.call_soon_threadsafe(self._enqueue, group, message)

    def flush(self, seconds: float = SEND_SECONDS) -> None:
        """Wait until everything queued has left, or TimeoutError."""
        asyncio.run_coroutine_threadsafe(self._queue.join(), self._loop).result(seconds)

    def _enqueue(self, group: str, message: dict[str, Any]) -> None:
        if self._queue.full():
            self._queue.get_nowait()
            self._queue.task_done()
        self._queue.put_nowait((group, message))

    def _run(self) -> None:
        self._loop.run_until_complete(self._publish())

    async def _publish(self) -> None:
        layer: Any = get_channel_layer()
        reachable = True
        while True:
            group, message = await self._queue.get()
            try:
                async with asyncio.timeout(SEND_SECONDS):  # wait_for() would make a task of each
                    await layer.group_send(group, message)
                reachable = True
            except Exception as error:  # noqa: BLE001 - Redis is away: the hubs find the rows in the log
                if reachable:
                    logger.warning("Hubs cannot be told, they will read the log: %s", error)
                reachable = False
            self._queue.task_done()


_publisher: Publisher | None = None
_making = threading.Lock()


def publisher() -> Publisher:
    """This process's publisher."""
    global _publisher  # noqa: PLW0603 - one per process
    with _making:
        if _publisher is None:
            _publisher = Publisher()
        return _publisher


def flush() -> None:
    """Before a process ends."""
    if _publisher:
        with suppress(TimeoutError):  # concurrent.futures raises the builtin since Python 3.11
            _publisher.flush()


def _forget() -> None:
    """A forked child has the parent's objects, but not its thread."""
    global _publisher, _making
    _publisher, _making = None, threading.Lock()


atexit.register(flush)
os.register_at_fork(after_in_child=_forget)
