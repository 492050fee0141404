"""Parts that stop: Redis, readers, clients, the server itself."""

import signal
import socket
import subprocess
import sys
import time

import pytest
import redis
from django.conf import settings
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from realtime import figures, stats, store
from tests.cast import Company
from tests.realtime.client import Socket, socket_of, token
from tests.realtime.happenings import happen
from tests.realtime.serving import Program, serve, until, valkey

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]


def heard(client: Socket, count: int) -> list[int]:
    return [client.next("conversation:updated", 15)["data"]["updates"]["number"] for _ in range(count)]


def test_redis_that_stops_and_returns_loses_no_event(own_redis_port: int, acme: Company) -> None:
    with valkey(own_redis_port) as first, serve(settings.REDIS_URL) as server, socket_of(acme.ana, server.ws) as ana:
        happen(acme.tenant, 1)
        assert heard(ana, 1) == [1]
        first.process.kill()
        first.process.wait()
        happen(acme.tenant, 2, 3)
        assert heard(ana, 2) == [2, 3]  # from the log
        with socket_of(acme.caio, server.ws) as caio:  # a socket may come meanwhile, and ask
            assert caio.ask("conversation:list")["status"] == "ok"
            happen(acme.tenant, 4)
            assert heard(caio, 1) == heard(ana, 1) == [4]
            with valkey(own_redis_port):
                happen(acme.tenant, 5)
                assert heard(caio, 1) == heard(ana, 1) == [5]
                until(lambda: _subscribers(own_redis_port) > 0)
                for number in range(6, 16):
                    happen(acme.tenant, number)
                assert heard(caio, 10) == heard(ana, 10) == list(range(6, 16))


def _subscribers(port: int) -> int:
    client = redis.Redis(port=port)
    try:
        return len(client.pubsub_channels("recado__group__tenant*"))
    finally:
        client.close()


def test_server_starts_without_redis_and_finds_it_later(own_redis_port: int, acme: Company) -> None:
    with serve(settings.REDIS_URL) as server, socket_of(acme.ana, server.ws) as ana:
        happen(acme.tenant, 1)
        assert heard(ana, 1) == [1]
        with valkey(own_redis_port):
            until(lambda: _subscribers(own_redis_port) == 1)
            happen(acme.tenant, 2)
            assert heard(ana, 1) == [2]


class StuckReader:
    """Finishes the handshake and then reads no more, until asked."""

    def __init__(self, url: str) -> None:
        uri = parse_uri(url)
        self._protocol = ClientProtocol(uri, max_size=None)
        self._socket = socket.create_connection((uri.host, uri.port))
        self._protocol.send_request(self._protocol.connect())
        self._socket.sendall(b"".join(self._protocol.data_to_send()))
        self._protocol.receive_data(self._socket.recv(1024))

    def close_code(self) -> int | None:
        """Read the rest."""
        while data := self._read():
            self._protocol.receive_data(data)
            for event in self._protocol.events_received():
                if isinstance(event, Frame) and event.opcode is Opcode.CLOSE:
                    return int.from_bytes(event.data[:2])
        return None

    def _read(self) -> bytes:
        try:
            return self._socket.recv(65536)
        except ConnectionResetError:
            return b""

    def close(self) -> None:
        self._socket.close()


def test_slow_reader_is_closed_while_others_go_on(server: Program, acme: Company) -> None:
    url = f"{server.ws}?access_token={token(acme.caio)}"
    stuck = [StuckReader(url) for _ in range(2)]
    with socket_of(acme.ana, server.ws) as ana:
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 3)
        number = 0
        while stats.read(acme.tenant.pk)["totalConnections"] > 1:  # each one leaves when its buffer is full
            number += 1
            assert number < 200, "the slow readers were not closed"
            happen(acme.tenant, number, padding=50_000)
            assert heard(ana, 1) == [number]
        assert stuck[0].close_code() == 4408  # whoever reads again within 5 s learns why
        happen(acme.tenant, 0)
        assert heard(ana, 1) == [0]
    for reader in stuck:
        reader.close()


CLIENTS = """
import sys
from contextlib import ExitStack
from websockets.sync.client import connect
with ExitStack() as stack:
    for _ in range(5):
        stack.enter_context(connect(sys.argv[1])).recv()
    print("connected", flush=True)
    sys.stdin.read()
"""


def test_clients_that_are_killed_are_counted_no_more(server: Program, acme: Company) -> None:
    url = f"{server.ws}?access_token={token(acme.ana)}"
    with Program(
        subprocess.Popen([sys.executable, "-c", CLIENTS, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE),
        0,
    ) as clients:
        assert clients.process.stdout
        assert clients.process.stdout.readline() == b"connected\n"
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 5)
        clients.process.kill()
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 0)


def test_server_that_is_killed_is_counted_no_more(server: Program, acme: Company) -> None:
    with serve(settings.REDIS_URL) as doomed, socket_of(acme.ana, doomed.ws), socket_of(acme.caio, server.ws):
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 2)
        until(lambda: len(figures.read(acme.tenant.pk)) == 2)
        doomed.process.kill()
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 1, seconds=stats.TTL_SECONDS + 5)
        until(lambda: len(figures.read(acme.tenant.pk)) == 1)
        assert f".{doomed.process.pid}." not in str(store.synchronous().smembers(stats.PROCESSES))


def test_server_that_is_asked_to_stop_says_goodbye(acme: Company) -> None:
    with serve(settings.REDIS_URL) as leaving:
        clients = [Socket(f"{leaving.ws}?access_token={token(acme.ana)}") for _ in range(5)]
        for client in clients:
            client.__enter__()
            assert client.next()["type"] == "connected"
        asked_at = time.monotonic()
        leaving.process.send_signal(signal.SIGTERM)
        for client in clients:
            assert client.next("server:shutdown")["data"] == {"reason": "restart"}
            assert client.close_code() == 1012
            client.__exit__(None, None, None)
        assert leaving.process.wait(10) in {0, -signal.SIGTERM}
        assert time.monotonic() - asked_at < 10
        assert stats.read(acme.tenant.pk)["totalConnections"] == 0


def test_stuck_reader_does_not_hold_up_the_goodbye(acme: Company) -> None:
    with serve(settings.REDIS_URL) as leaving:
        stuck = StuckReader(f"{leaving.ws}?access_token={token(acme.ana)}")
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 1)
        for number in range(8):  # more than the kernel takes, less than what closes
            happen(acme.tenant, number, padding=50_000)
        leaving.process.send_signal(signal.SIGTERM)
        assert leaving.process.wait(15) in {0, -signal.SIGTERM}
        stuck.close()


def test_more_sockets_than_allowed_close_4429(acme: Company) -> None:
    with serve(settings.REDIS_URL, SOCKETS_PER_USER="2") as strict:
        url = f"{strict.ws}?access_token={token(acme.ana)}"
        with socket_of(acme.ana, strict.ws), socket_of(acme.ana, strict.ws):
            with Socket(url) as third:
                assert third.close_code() == 4429
            with socket_of(acme.caio, strict.ws) as colleague:
                assert colleague.ask("ping")["status"] == "ok"
        until(lambda: _is_let_in(url))


def _is_let_in(url: str) -> bool:
    with Socket(url) as socket:
        try:
            return bool(socket.next()["type"] == "connected")
        except ConnectionClosed:
            return False
