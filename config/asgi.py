"""The ASGI application: which part answers what. Sockets and webhooks go round Django's middleware."""

import os
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from channels.db import database_sync_to_async
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_asgi_application()

# These need Django's apps to be loaded.
from django.conf import settings  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from config.bodies import limited  # noqa: E402
from config.checks import refuse_unbound_login, refuse_unsafe  # noqa: E402
from config.proxy import reverse_proxy  # noqa: E402
from realtime.asgi import lifespan, websocket  # noqa: E402
from realtime.socketio import door as socketio  # noqa: E402
from tenancy.memory import keep_what_is_loaded  # noqa: E402
from whatsapp import letterbox  # noqa: E402
from whatsapp.webhook import asgi_app as webhook  # noqa: E402

refuse_unsafe()

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """What a server calls for everything."""
    await _part(scope)(scope, receive, send)


def _part(scope: Scope) -> Application:
    if scope["type"] == "lifespan":
        return _lifespan
    if scope["type"] == "websocket":
        return websocket
    path: str = scope["path"]
    if path.startswith("/simulator/") and _simulator:
        return _simulator
    return _ADDRESSES.get(path, _pages)


async def _healthz(_scope: Scope, _receive: Receive, send: Send) -> None:
    """The process answers; `/readyz` says whether it can work."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"ok\n"})


def _open() -> None:
    """Before the first request."""
    refuse_unbound_login()
    _ = get_resolver().url_patterns  # imports the pages
    keep_what_is_loaded()


_lifespan = partial(lifespan, opening=database_sync_to_async(_open), closing=letterbox.close)
_pages = limited(_django)
_simulator = reverse_proxy(settings.SIMULATOR_URL) if settings.SIMULATOR_URL else None
_ADDRESSES: dict[str, Application] = {
    "/webhooks/whatsapp": webhook,
    "/webhooks/whatsapp/": webhook,
    "/healthz": _healthz,
    **dict.fromkeys(socketio.PATHS, socketio.polling),
}
