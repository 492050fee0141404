"""The two websocket sinks: uvicorn's transport, and any other server."""

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from channels.testing import WebsocketCommunicator

from config.asgi import application
from realtime import connection, hub
from realtime.sinks import BUFFER_BYTES, Sink
from realtime.websockets import PumpSocket, TransportSocket
from tests.cast import Company
from tests.realtime.client import socket_of, token
from tests.realtime.happenings import happen
from tests.realtime.serving import free_port, until


@pytest.fixture
def uvicorn_here() -> Iterator[uvicorn.Server]:
    """The server in a thread of this process, so that the test can look inside."""
    config = uvicorn.Config(
        application,
        port=free_port(),
        loop="uvloop",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="warning",
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    until(lambda: running.started)
    yield running
    running.should_exit = True
    thread.join(10)


def sinks() -> list[Sink]:
    return [sink for each in list(hub._hubs.values()) for feed in each.feeds.values() for sink in feed.sinks]


@pytest.mark.django_db(transaction=True)
def test_fast_path_is_used_under_uvicorn(uvicorn_here: uvicorn.Server, acme: Company) -> None:
    with socket_of(acme.ana, f"ws://127.0.0.1:{uvicorn_here.config.port}/ws/") as socket:
        (sink,) = sinks()
        assert isinstance(sink, TransportSocket)
        happen(acme.tenant, 1)
        assert socket.next()["data"]["updates"]["number"] == 1
    until(lambda: sinks() == [])


@pytest.mark.django_db(transaction=True)
async def test_other_servers_are_served_by_a_pump(acme: Company) -> None:
    communicator = WebsocketCommunicator(application, f"/ws/?access_token={token(acme.ana)}")
    assert (await communicator.connect())[0]
    assert json.loads(await communicator.receive_from())["type"] == "connected"
    assert isinstance(sinks()[0], PumpSocket)
    await communicator.send_to('{"type":"ping","requestId":"c1"}')
    assert json.loads(await communicator.receive_from())["status"] == "ok"
    await communicator.disconnect()
    assert sinks() == []
    await hub.current().stop()


async def test_stranger_who_does_not_sign_in_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "AUTH_SECONDS", 0.1)
    communicator = WebsocketCommunicator(application, "/ws/")
    assert (await communicator.connect())[0]
    assert await communicator.receive_output(20) == {"type": "websocket.close", "code": 4401, "reason": "no proof"}
    await communicator.disconnect()


async def test_pump_closes_a_reader_that_does_not_read() -> None:
    sent: list[dict[str, Any]] = []
    reading = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        await reading.wait()
        sent.append(message)

    sink = PumpSocket(send)
    for _ in range(10):
        sink.write(["x" * (BUFFER_BYTES // 8)])
        await asyncio.sleep(0)
    reading.set()
    await asyncio.wait_for(sink._task, 5)

    assert sent[-1] == {"type": "websocket.close", "code": 4408, "reason": "too slow"}
    assert len(sent) < 10


async def test_pump_survives_a_peer_that_is_gone() -> None:
    async def send(_message: dict[str, Any]) -> None:
        raise ConnectionResetError

    sink = PumpSocket(send)
    sink.say(b"{}")
    await asyncio.wait_for(sink._task, 5)
    sink.say(b"{}")
    sink.stop()
