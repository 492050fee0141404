"""A streaming reverse proxy, so that a development server behind us is found at our own address."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx

BODY_LIMIT = 30 * 1024 * 1024
TIMEOUT = httpx.Timeout(10, read=None)  # an event stream may be silent for as long as it likes
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=0)  # that server is restarted often

# Of one connection only (RFC 9110, 7.6.1), or made anew by whoever sends.
HOP_BY_HOP = frozenset(
    {
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection"),
        *(b"te", b"trailer", b"transfer-encoding", b"upgrade"),
    }
)

Headers = list[tuple[bytes, bytes]]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class TooLargeError(Exception):
    """The request's body passed BODY_LIMIT."""


def reverse_proxy(base_url: str) -> Application:
    """An ASGI application that hands HTTP requests on to `base_url`, path and all."""
    client = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT, limits=LIMITS, trust_env=False)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        content = _body(receive) if _has_body(scope) else None
        request = client.build_request(scope["method"], _target(scope), headers=_forwarded(scope), content=content)
        try:
            response = await client.send(request, stream=True)
        except TooLargeError:
            await _refuse(send, 413, b"The body is too large.\n")
        except httpx.HTTPError:
            await _refuse(send, 502, b"The server behind this address does not answer.\n")
        else:
            await _pass_on(response, receive, send)

    return application


def _target(scope: Scope) -> str:
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def _forwarded(scope: Scope) -> Headers:
    headers = _end_to_end(scope["headers"])
    client = scope.get("client")
    return [
        *headers,
        (b"x-forwarded-proto", scope["scheme"].encode()),
        (b"x-forwarded-for", client[0].encode() if client else b""),
    ]


def _end_to_end(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]


def _has_body(scope: Scope) -> bool:
    return any(name.lower() in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    size, more = 0, True
    while more:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > BODY_LIMIT:
            raise TooLargeError
        yield chunk
        more = message.get("more_body", False)


async def _pass_on(response: httpx.Response, receive: Receive, send: Send) -> None:
    """Stream the answer until it ends or the client goes."""
    streaming = asyncio.ensure_future(_stream(response, send))
    leaving = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait((streaming, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        streaming.cancel()
        leaving.cancel()
        await asyncio.gather(streaming, leaving, return_exceptions=True)
        await response.aclose()


async def _stream(response: httpx.Response, send: Send) -> None:
    headers = _end_to_end(response.headers.raw)
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    async for chunk in response.aiter_raw():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _refuse(send: Send, status: int, text: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": text})
