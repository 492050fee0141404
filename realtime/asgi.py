"""The sockets as an ASGI application, and what a server's life means to them; mounted by config/asgi.py."""

from realtime import drain, hub
from realtime.consumer import SocketConsumer
from realtime.websockets import Receive, Scope, Send

PATHS = frozenset({"/ws", "/ws/", "/ws/status", "/ws/status/"})
"""`status` is the same socket under the name that status-only clients use."""

_consumer = SocketConsumer.as_asgi()


async def websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """`send` must come from the server untouched: the fast path finds uvicorn's protocol through it."""
    if scope["path"] in PATHS:
        await _consumer(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.close"})  # before accepting: a plain 403


async def lifespan(_scope: Scope, receive: Receive, send: Send) -> None:
    """Start the hub before the first socket, leave gracefully."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            drain.install(hub.current())
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.current().stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
