"""How much a request may bring, judged before it is read.

Django writes a body to disk before it asks who sends it; without this, strangers could fill the disk of a server that
has no proxy in front.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

ENVELOPE = 1024 * 1024  # bytes that a body may have beside its file; and so much more, Django itself refuses in words
_FILES = ("/api/attachments", "/api/uploads")
_TOO_LARGE = b'{"code":"too_large","title":"Request Entity Too Large","status":413,"detail":"This is too long."}'


@dataclass
class _Body:
    """A body of unknown length on its way in. What is too much looks to the application like a client that left."""

    receive: Receive
    most: int
    size: int = 0

    async def next(self) -> dict[str, Any]:
        message = await self.receive()
        self.size += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.is_too_large else message

    @property
    def is_too_large(self) -> bool:
        return self.size > self.most


def limited(application: Application) -> Application:
    """`application`, which never sees more of a body than its address takes."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive, _most(scope["path"]))
        if _announced(scope) <= body.most:
            await application(scope, body.next, send)
            if not body.is_too_large:
                return
        await _refuse(send)

    return run


def _most(path: str) -> int:
    limit: int = settings.UPLOAD_LIMIT if path.startswith(_FILES) else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return limit + ENVELOPE


def _announced(scope: Scope) -> int:
    value: bytes = dict(scope["headers"]).get(b"content-length", b"")
    return int(value) if value.isdigit() else 0


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_LARGE})
