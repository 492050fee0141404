"""Broken and hostile Socket.IO clients: no traceback, no innocent client closed, no byte of a neighbour's."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import httpx
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from realtime.sinks import BUFFER_BYTES
from realtime.socketio import server
from realtime.socketio.packets import Packet
from realtime.socketio.sink import SocketIOSink
from realtime.socketio.transports import Outbox
from tests.cast import Company
from tests.realtime.client import token
from tests.realtime.happenings import conversation_with, happen
from tests.realtime.serving import Program, serve
from tests.realtime.socketio.client import WEBSOCKET, Client

pytestmark = pytest.mark.django_db(transaction=True)

fuzzed = bounded(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ADDRESS = "/socket.io/?EIO=4&transport="

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["ping", "message:send", "connect", "disconnect", "*", "auth", "", "no:such"])
EVENTS = st.builds(lambda name, data: [name, *data], NAMES, st.lists(JSON, max_size=3)) | JSON
KINDS = st.sampled_from("0123456789")
NUMBERS = st.sampled_from(["", "7", "9" * 99, "9" * 101, "/x,", "1-", "99999999-"])
PACKETS = st.one_of(
    st.builds(lambda kind, number, data: f"4{kind}{number}{json.dumps(data)}", KINDS, NUMBERS, EVENTS),
    st.text(max_size=40).map(lambda text: f"42{text}"),
    st.text(max_size=40).map(lambda text: f"4{text}"),
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("socketio") / "server.log"


@pytest.fixture(scope="module")
def besieged(django_db_setup: None, django_db_blocker: object, log: Path) -> Iterator[Program]:
    """A server whose log is read."""
    with log.open("wb") as out, serve(settings.REDIS_URL, log=out, SOCKET_COMMANDS_PER_MINUTE="60000") as running:
        yield running


@pytest.fixture(autouse=True)
def _quiet(log: Path) -> Iterator[None]:
    """Nothing that clients send is our mistake."""
    yield
    said = log.read_text("utf-8", "replace") if log.exists() else ""
    assert "Traceback" not in said, said[-3000:]


class Raw:
    """A Socket.IO session packet by packet."""

    def __init__(self, server: Program, proof: str) -> None:
        self._opening = connect(f"{server.ws.removesuffix('/ws/')}{ADDRESS}websocket", compression=None)
        self._auth = json.dumps({"token": proof})
        self.connection: ClientConnection

    def __enter__(self) -> Self:
        self.connection = self._opening.__enter__()
        self.connection.send(f"40{self._auth}")
        self.until("40")
        self.until("42")
        return self

    def __exit__(self, *_error: object) -> None:
        self._opening.close()

    def until(self, start: str) -> str:
        """The next packet that begins so."""
        while not (packet := str(self.connection.recv(timeout=20))).startswith(start):
            continue
        return packet


def test_nonsense_is_survived_packet_by_packet(besieged: Program, acme: Company, globex: Company) -> None:
    with Client(besieged.http, token(globex.gil), **WEBSOCKET) as innocent:
        innocent.event("connected")

        @fuzzed
        @given(st.lists(PACKETS, min_size=1, max_size=10))
        def noise(packets: list[str]) -> None:
            with Raw(besieged, token(acme.ana)) as hostile:
                try:
                    for packet in packets:
                        hostile.connection.send(packet)
                    hostile.connection.send('42123["ping"]')
                    hostile.until("43123[")
                except ConnectionClosed:  # it said 41, or something that is no packet of Engine.IO
                    pass

        noise()
        assert innocent.ask("ping")["status"] == "ok"
        happen(acme.tenant, 1)
        happen(globex.tenant, 2)
        assert innocent.event("conversation:updated")["updates"]["number"] == 2


NO_COMMANDS = ("42[]", "42{}", "42", "42[1]", "42[[1],2]", '42["connect",{}]', '451-["x",{}]', "44", "49", '42["')


@pytest.mark.parametrize("packet", [*NO_COMMANDS, "42[" + "[" * 60_000])
def test_packet_that_is_no_command_is_an_error_and_the_session_stays(
    besieged: Program, acme: Company, packet: str
) -> None:
    with Raw(besieged, token(acme.ana)) as hostile:
        hostile.connection.send(packet)
        assert '"bad_request"' in hostile.until('42["error"')
        hostile.connection.send('427["ping"]')
        assert '"ok"' in hostile.until("437[")


@pytest.mark.parametrize("frame", ["x", "", "9", "2" + "p" * 100, "4x", b"\x00\x01"])
def test_frame_that_is_no_packet_ends_that_connection_only(
    besieged: Program, acme: Company, frame: str | bytes
) -> None:
    with Raw(besieged, token(acme.ana)) as hostile:
        hostile.connection.send(frame)
        with pytest.raises(ConnectionClosed):
            hostile.until("never")


def test_posts_of_anything_are_answered(besieged: Program) -> None:
    opened = httpx.get(f"{besieged.http}{ADDRESS}polling").text
    found = re.search(r'"sid":"([^"]+)"', opened)
    assert found

    @fuzzed
    @given(st.binary(max_size=200) | st.lists(PACKETS, max_size=5).map(lambda some: "\x1e".join(some).encode()))
    def noise(body: bytes) -> None:
        answer = httpx.post(f"{besieged.http}{ADDRESS}polling&sid={found[1]}", content=body)
        assert answer.status_code in {200, 400}

    noise()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "EIO=3&transport=polling",
        "EIO=4&transport=x",
        "EIO=4&transport=polling&sid=x",
        "EIO=4&transport=polling&j=x",
    ],
)
def test_addresses_that_make_no_sense_are_refused(besieged: Program, query: str) -> None:
    assert httpx.get(f"{besieged.http}/socket.io/?{query}").status_code == 400
    with pytest.raises(InvalidStatus, match="403"), connect(f"{besieged.ws.removesuffix('/ws/')}/socket.io/?{query}"):
        pass


def test_neighbours_things_are_not_found(besieged: Program, acme: Company, globex: Company) -> None:
    theirs = str(conversation_with(globex).pk)
    with Client(besieged.http, token(acme.ana), **WEBSOCKET) as client:
        client.event("connected")
        for command in ("conversation:get", "conversation:join", "message:list", "message:read"):
            assert client.ask(command, {"conversationId": theirs})["error"]["code"] == "not_found"


def test_page_of_another_site_cannot_ride_on_the_cookie(besieged: Program, acme: Company) -> None:
    headers = {"Cookie": "recado_session=0123456789abcdef", "Origin": "https://evil.test"}
    opened = httpx.get(f"{besieged.http}{ADDRESS}polling", headers=headers)
    assert "access-control-allow-credentials" not in opened.headers
    found = re.search(r'"sid":"([^"]+)"', opened.text)
    assert found
    address = f"{besieged.http}{ADDRESS}polling&sid={found[1]}"
    assert httpx.post(address, content="40", headers=headers).status_code == 200
    assert httpx.get(address, headers=headers).text == '44{"message":"foreign origin","data":{"code":4403}}'


async def test_stranger_who_does_not_sign_in_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "AUTH_SECONDS", 0.1)
    ours = server.Server()
    transport = httpx.ASGITransport(app=ours.handle_request)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=20) as stranger:
        opened = await stranger.get(f"{ADDRESS}polling")
        [sid] = ours.eio.sockets
        assert sid in opened.text
        async with asyncio.timeout(10):
            while not ours.eio.sockets[sid].closed:  # noqa: ASYNC110 - Engine.IO sets no event
                await asyncio.sleep(0.01)
        assert (await stranger.get(f"{ADDRESS}polling&sid={sid}")).status_code == 400


async def test_poller_that_does_not_fetch_is_let_go() -> None:
    class Engine:
        upgraded, queue, ended = False, Outbox(), asyncio.Event()

        async def close(self, *, wait: bool) -> None:
            self.ended.set()

    sink = SocketIOSink(Engine())
    sink.begin()
    text = json.dumps({"type": "x", "at": "", "data": "x" * 50_000}).encode()
    for _ in range(BUFFER_BYTES // 50_000 + 1):
        sink.say(text)
    assert sink.closed == (4408, "too slow")
    assert sink.tally.slow_closes == 1
    assert Engine.queue.size <= BUFFER_BYTES
    await asyncio.wait_for(Engine.ended.wait(), 20)


@given(st.text() | st.binary())
def test_packet_decodes_anything(text: str | bytes) -> None:
    assert Packet(encoded_packet=text).packet_type in {0, 1, 2, 3}
