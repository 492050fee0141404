"""The load's own HTTP client."""

import asyncio
from contextlib import suppress

from benchmarks.posting import AT_ONCE, Poster

ANSWER = b"HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nok"
REQUEST = b"GET /%d HTTP/1.1\r\n\r\n"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers in two pieces; 503 for /3."""
    with suppress(asyncio.IncompleteReadError):  # the client has closed
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            answer = ANSWER % (b"503 Away" if head.startswith(b"GET /3 ") else b"200 OK")
            writer.write(answer[:30])
            await writer.drain()
            writer.write(answer[30:])
    writer.close()
    await writer.wait_closed()


async def test_poster_sends_each_request_once_and_reports_refusals() -> None:
    async with await asyncio.start_server(_serve, "127.0.0.1", 0) as server:
        port: int = server.sockets[0].getsockname()[1]
        posted = await Poster(port, connections=2).run([REQUEST % number for number in range(9)], AT_ONCE)
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*connections)

    assert posted.refused == ["request 3: 503"]
    assert len(posted.latencies) == 9
    assert all(latency > 0 for latency in posted.latencies)
