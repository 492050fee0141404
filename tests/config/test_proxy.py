"""The reverse proxy in front of a development server."""

import asyncio
from typing import Any, Self

from config.proxy import BODY_LIMIT, reverse_proxy
from tests.realtime.serving import free_port

Message = dict[str, Any]


class Upstream:
    """A small HTTP server that answers each request with the same bytes, and remembers the request."""

    def __init__(self, *answer: bytes) -> None:
        self.port = free_port()
        self.answer = answer
        self.request = b""
        self.hung_up = asyncio.Event()
        self.may_go_on = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)  # the transports' last call

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self.request = await reader.readuntil(b"\r\n\r\n")
        for part in self.answer:
            writer.write(part)
            await writer.drain()
            await self.may_go_on.wait()
        while await reader.read(65536):
            continue
        self.hung_up.set()
        writer.close()


class Browser:
    """One ASGI request to the proxy."""

    def __init__(self, port: int, *body: bytes, method: str = "GET") -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        for chunk in body:
            self.incoming.put_nowait({"type": "http.request", "body": chunk, "more_body": True})
        self.incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        scope: Message = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": "/simulator/live é",
            "raw_path": b"/simulator/live%20%C3%A9",
            "query_string": b"a=1",
            "headers": [(b"host", b"recado.test"), (b"connection", b"keep-alive"), (b"cookie", b"a=b")],
            "client": ("10.0.0.1", 1234),
        }
        if body:
            scope["headers"].append((b"content-length", str(sum(map(len, body))).encode()))
        proxy = reverse_proxy(f"http://127.0.0.1:{port}")
        self.task = asyncio.ensure_future(proxy(scope, self.incoming.get, self.sent.put))

    async def next(self) -> Message:
        return await asyncio.wait_for(self.sent.get(), 5)

    def leave(self) -> None:
        self.incoming.put_nowait({"type": "http.disconnect"})


async def test_answer_is_streamed_as_it_comes() -> None:
    lines = (b"HTTP/1.1 200 OK", b"Content-Type: text/event-stream", b"Connection: close", b"X-A: 1", b"X-A: 2")
    head = b"\r\n".join([*lines, b"", b"data: 1\n\n"])
    async with Upstream(head, b"data: 2\n\n") as upstream:
        browser = Browser(upstream.port)
        start = await browser.next()
        assert start["status"] == 200
        assert (b"X-A", b"1") in start["headers"]
        assert (b"X-A", b"2") in start["headers"]
        assert not any(name.lower() == b"connection" for name, _ in start["headers"])
        assert (await browser.next())["body"] == b"data: 1\n\n"  # before the second was written
        upstream.may_go_on.set()
        assert (await browser.next())["body"] == b"data: 2\n\n"
        browser.leave()
        await asyncio.wait_for(upstream.hung_up.wait(), 5)
        await asyncio.wait_for(browser.task, 5)


async def test_request_keeps_its_address_and_host() -> None:
    async with Upstream(b"HTTP/1.1 204 No Content\r\n\r\n") as upstream:
        upstream.may_go_on.set()
        browser = Browser(upstream.port)
        assert (await browser.next())["status"] == 204
        await asyncio.wait_for(browser.task, 5)
        request = upstream.request.decode().lower()
        assert request.startswith("get /simulator/live%20%c3%a9?a=1 http/1.1")
        assert "host: recado.test" in request
        assert "cookie: a=b" in request
        assert "x-forwarded-for: 10.0.0.1" in request
        assert "transfer-encoding" not in request


async def test_large_body_is_refused() -> None:
    async with Upstream(b"") as upstream:
        upstream.may_go_on.set()
        browser = Browser(upstream.port, *[b"x" * (BODY_LIMIT // 4)] * 5, method="POST")
        assert (await browser.next())["status"] == 413
        await asyncio.wait_for(browser.task, 5)


async def test_missing_server_is_a_bad_gateway() -> None:
    browser = Browser(free_port())
    assert (await browser.next())["status"] == 502
