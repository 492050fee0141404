"""Leaving gracefully: on SIGTERM clients are told and let go a few at a time, then the server goes down.

uvicorn by itself closes all sockets at once before it says `lifespan.shutdown`, so its signal handler is wrapped.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from realtime.ephemeral import ServerShutdown
from realtime.frames import unnumbered
from realtime.hub import Hub

logger = logging.getLogger(__name__)

RESTARTING = 1012
SPREAD_SECONDS = 4.0
"""Over how long the sockets are closed, so that their clients do not all return at once."""

PER_SOCKET_SECONDS = 0.02
STEP_SECONDS = 0.05

Handler = Callable[[int, FrameType | None], Any]


class _State:
    draining = False


def is_draining() -> bool:
    """Whether this process is leaving: `/readyz` answers 503 then."""
    return _State.draining


def install(hub: Hub) -> None:
    """Wrap the server's handlers of SIGTERM and SIGINT; a server in another thread has none."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        original = signal.getsignal(number)
        if callable(original):
            signal.signal(number, _wrapped(original, hub, loop))


def _wrapped(original: Handler, hub: Hub, loop: asyncio.AbstractEventLoop) -> Handler:
    def handle(number: int, frame: FrameType | None) -> None:
        if _State.draining:  # the second time somebody means it
            original(number, frame)
            return
        _State.draining = True
        loop.call_soon_threadsafe(_begin, original, number, hub)

    return handle


def _begin(original: Handler, number: int, hub: Hub) -> None:
    _stop_accepting(original)
    task = asyncio.get_running_loop().create_task(let_go(hub))
    task.add_done_callback(lambda _: original(number, None))


def _stop_accepting(original: Handler) -> None:
    """uvicorn's handler is a method of its server, which knows the listening sockets."""
    for listener in getattr(getattr(original, "__self__", None), "servers", ()):
        listener.close()


async def leave(hub: Hub) -> None:
    """For a server that hears its signals by itself: nobody is let in any more, and everybody is let go."""
    _State.draining = True
    await let_go(hub)


async def let_go(hub: Hub) -> None:
    """Tell every socket, then close them spread over a few seconds."""
    sinks = [sink for feed in hub.feeds.values() for sink in feed.sinks]
    text = unnumbered(ServerShutdown(reason="restart"))
    for sink in sinks:
        sink.say(text)
    seconds = min(SPREAD_SECONDS, len(sinks) * PER_SOCKET_SECONDS)
    steps = max(1, round(seconds / STEP_SECONDS))
    for step in range(steps):
        for sink in sinks[step::steps]:
            sink.close(RESTARTING, "restarting")
        await asyncio.sleep(seconds / steps)
