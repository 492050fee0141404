"""The load's own websocket client."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.server import ServerConnection, serve

from benchmarks.listening import listen_all

SIZES = (5, 125, 126, 65_535, 65_536, 200_000)


async def _speak(connection: ServerConnection) -> None:
    await connection.send("connected")
    for size in SIZES:
        await connection.send("x" * size)
    await (await connection.ping())
    await connection.send("pong came")
    await connection.wait_closed()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server that speaks."""
    async with serve(_speak, "127.0.0.1", 0, compression=None) as server:
        yield next(iter(server.sockets)).getsockname()[1]


async def test_listener_hears_frames_of_every_size_and_answers_pings(port: int) -> None:
    heard: list[bytes] = []
    done = asyncio.Event()

    def hear(text: bytes) -> None:
        heard.append(text)
        if heard.count(b"pong came") == 2:
            done.set()

    sockets = await listen_all(port, ["/", "/"], hear)
    await asyncio.wait_for(done.wait(), 10)

    assert sorted(map(len, heard)) == sorted([*SIZES, *SIZES, 9, 9])
    assert all(socket.is_open for socket in sockets)
    for socket in sockets:
        socket.close()
