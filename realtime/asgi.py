"""The sockets as an ASGI application, and what a server's life means to them; mounted by config/asgi.py."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from realtime import drain, hub
from realtime.consumer import SocketConsumer
from realtime.socketio import door
from realtime.socketio.server import server as socketio_server
from realtime.websockets import Receive, Scope, Send

Step = Callable[[], Awaitable[None]]

PATHS = frozenset({"/ws", "/ws/", "/ws/status", "/ws/status/"})
"""`status` is the same socket under the name that status-only clients use."""

_consumer = SocketConsumer.as_asgi()


async def websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """`send` must come from the server untouched: the fast path finds uvicorn's protocol through it."""
    if scope["path"] in PATHS:
        await _consumer(scope, receive, send)
        return
    if scope["path"] in door.PATHS:
        await door.websocket(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.close"})  # before accepting: a plain 403


async def lifespan(_scope: Scope, receive: Receive, send: Send, *, opening: Step, closing: Step) -> None:
    """Start the hub before the first socket, leave gracefully.

    `opening` and `closing` are what other parts of the process do then; one that cannot open keeps it from starting.
    """
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send(await _started(opening))
        else:
            await socketio_server.shutdown()
            await hub.current().stop()
            await closing()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _started(opening: Step) -> dict[str, Any]:
    try:
        await opening()
    except ImproperlyConfigured as error:
        return {"type": "lifespan.startup.failed", "message": str(error)}
    drain.install(hub.current())
    return {"type": "lifespan.startup.complete"}
