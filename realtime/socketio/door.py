"""The ASGI side: what may reach python-socketio at all."""

from urllib.parse import parse_qs

from realtime import drain
from realtime.socketio.packets import is_engine_packet
from realtime.socketio.server import MESSAGE_BYTES, server
from realtime.websockets import Receive, Scope, Send

PATHS = frozenset({"/socket.io", "/socket.io/"})
_BETWEEN = "\x1e"


async def polling(scope: Scope, receive: Receive, send: Send) -> None:
    """Long polling: GET fetches packets, POST brings some."""
    if drain.is_draining() and not _is_known(scope):
        await _answer(send, 503)
        return
    if scope["method"] == "POST":
        body = await _body(receive)
        if body is None or not _is_payload(body):
            await _answer(send, 400)
            return
        scope, receive = _replayed(scope, body)
    await server.handle_request(scope, receive, send)


async def websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """A websocket of its own, or the upgrade of a polling client."""
    if drain.is_draining() and not _is_known(scope):
        await receive()
        await send({"type": "websocket.close"})
        return
    await server.handle_request(scope, receive, send)


def _is_known(scope: Scope) -> bool:
    return "sid" in parse_qs(scope["query_string"].decode("latin-1"))


async def _body(receive: Receive) -> bytes | None:
    """All of it, or None if it is too long or was cut off."""
    body = b""
    while len(body) <= MESSAGE_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part: bytes = message.get("body", b"")
        body += part
        if not message.get("more_body"):
            return body
    return None


def _is_payload(body: bytes) -> bool:
    """Engine.IO would lose all packets of a POST with a bad one, and log it as an error of ours."""
    try:
        return all(map(is_engine_packet, body.decode().split(_BETWEEN)))
    except UnicodeDecodeError:
        return False


def _replayed(scope: Scope, body: bytes) -> tuple[Scope, Receive]:
    """The request again, with a length also if it came in chunks."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    return {**scope, "headers": [*headers, (b"content-length", b"%d" % len(body))]}, receive


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b""})
