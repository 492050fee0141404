"""`python -m benchmarks bare PORT`: what the `websockets` library does when it does nothing else: a broadcast server.

A client that says `RATE COUNT` starts it. The text is as long as an event of ours.
"""

import asyncio
import sys
import time

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

from benchmarks.telling import MARK
from launch.processes import Program

_EVENT = '{"seq":%d,"prev":%d,"type":"conversation:updated","at":"2026-01-01T00:00:00.000Z","data":{"conversationId":""'
_REST = ',"version":1,"updates":{"%s":%r},"lastMessage":null,"lastMessageAt":null}}'


def program(port: int) -> Program:
    """The server as a program."""
    return Program("bare", [sys.executable, "-m", "benchmarks", "bare", str(port)])


def main(port: str) -> None:
    """Serve until told to stop."""
    uvloop.run(_serve(int(port)))


async def _serve(port: int) -> None:
    connections: set[ServerConnection] = set()

    async def handle(connection: ServerConnection) -> None:
        connections.add(connection)
        await connection.send("connected")
        async for order in connection:
            await _tell(connections, *map(int, str(order).split()))

    async with serve(handle, "127.0.0.1", port, compression=None):
        await asyncio.get_running_loop().create_future()


async def _tell(connections: set[ServerConnection], rate: int, count: int) -> None:
    for place in range(count):
        broadcast(connections, _EVENT % (place + 1, place) + _REST % (MARK, time.perf_counter()))
        await asyncio.sleep(1 / rate)
