"""The ASGI application: Django, the postman's lifetime, and a way to hang up on a client."""

import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "simulator.settings"
django_application = get_asgi_application()

# These need Django's apps to be loaded.
from simulator import postman, startup  # noqa: E402
from simulator.live import audience  # noqa: E402

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve HTTP; anything else but the server's lifespan is refused by returning at once."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        scope["simulator.hang_up"] = lambda: _hang_up(send)
        # Not through __call__, which gives every request a thread of its own: SQLite has one writer, and the others
        # would wait by sleeping. Like this all of them, and the postman, share asgiref's one thread and its connection.
        await django_application.handle(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """Get ready before the first request, carry webhooks until the last one."""
    await receive()
    await sync_to_async(startup.prepare)()
    audience.gather()
    post = postman.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await postman.stop(post)
    await send({"type": "lifespan.shutdown.complete"})


def _hang_up(send: Send) -> None:
    """Reset the connection without an answer: ASGI has no word for it, uvicorn's transport has."""
    with suppress(AttributeError):
        send.__self__.transport.abort()  # type: ignore[attr-defined]
