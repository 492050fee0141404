"""The whole of Recado in real processes: its own PostgreSQL and Redis, the simulator, web server, workers and beat.

The same programs as `make run` starts, on a folder and ports of this test run; each can be killed and started again.
"""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import psycopg
from websockets.sync.client import ClientConnection, connect

from launch import processes, programs
from launch.place import Place
from launch.ports import free_port, listen
from launch.postgres import Postgres
from launch.processes import Process, Program
from launch.redis import Redis
from tests.meta import Meta
from tests.waiting import eventually

PASSWORD = "recado-demo"
STOP_ORDER = ("web", "ingest", "worker", "beat", "redis", "postgres")


class Stack:
    """Everything that runs, by name: postgres, redis, web, ingest, worker, beat (and `meta`, the simulator)."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.postgres = Postgres(self.place.root / "postgresql")
        self.redis = Redis(self.place.folder("redis"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.listener = listen("127.0.0.1", str(self.port))
        self.meta = Meta(self.place.root, recado_url=self.url)
        self.programs: dict[str, Program] = {}
        self.running: dict[str, Process] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What the programs are told: the demo, as in `make run`."""
        return {
            "RECADO_MODE": "demo",
            "RECADO_LOGIN": "application",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.postgres.application_url,
            "DATABASE_OWNER_URL": self.postgres.owner_url,
            "REDIS_URL": self.redis.url,
            "GRAPH_URL": self.meta.graph_url,
            "GRAPH_TIMEOUT": "2",
            "WHATSAPP_LOST_AFTER": "8",
            "SIMULATOR_URL": self.meta.url,
            "SITE_URL": self.url,
            "MEDIA_ROOT": str(self.place.folder("media")),
            "LOG_LEVEL": "INFO",
        }

    def start(self) -> None:
        """From nothing to a page that answers."""
        self.programs = {
            "postgres": self.postgres.prepare(),
            "redis": self.redis.prepare(),
            "web": programs.web("web", self.listener.fileno()),
            "ingest": programs.ingest(),
            "worker": programs.worker(),
            "beat": programs.beat(self.place.folder("beat") / "schedule"),
        }
        self.run("postgres", lambda: self.postgres.is_ready)
        self.run("redis", lambda: self.redis.is_ready)
        owner = {**self.environment, "RECADO_LOGIN": "owner"}
        processes.run("migrate", Program("migrate", programs.manage("migrate", "--no-input"), owner))
        processes.run("seed", Program("seed", programs.manage("seed_demo"), self.environment))
        self.meta.start()
        for name in ("ingest", "worker", "beat"):
            self.run(name)
        self.run("web", self.is_ready)
        for name in ("ingest", "worker"):
            eventually(partial(self._is_listening, name))

    def _is_listening(self, worker: str) -> bool:
        return "ready." in self.log(worker)

    def is_ready(self) -> bool:
        """Whether /readyz says so; what it misses otherwise."""
        answer = httpx.get(f"{self.url}/readyz", timeout=5)
        assert answer.status_code == 200, answer.text
        return True

    def run(self, name: str, ready: Callable[[], bool] = lambda: True) -> None:
        """Start a program, again if need be, and wait for it."""
        program = self.programs[name]
        told = program.environment if name in {"postgres", "redis"} else {**self.environment, **program.environment}
        self.running[name] = processes.start(replace(program, environment=told), self.place.log(name))
        eventually(lambda: self._is_up(name) and ready(), within=60)

    def _is_up(self, name: str) -> bool:
        assert self.running[name].exit_code is None, f"{name} ended:\n{self.log(name)[-3000:]}"
        return True

    def kill(self, name: str) -> None:
        """kill -9, the whole process group."""
        self.running[name].kill()

    def stop(self, name: str) -> None:
        """The polite way."""
        process = self.running[name]
        process.ask_to_stop()
        eventually(lambda: process.exit_code is not None, within=process.program.patience + 5)

    def hold(self, name: str) -> None:
        """Freeze a program without ending it."""
        self.running[name].popen.send_signal(signal.SIGSTOP)

    def log(self, name: str) -> str:
        """What it has said."""
        return self.place.log(name).read_text("utf-8", "replace")

    def close(self) -> None:
        """Stop everything."""
        self.meta.stop()
        for name in STOP_ORDER:
            if name in self.running:
                _end(self.running[name])
        self.listener.close()

    # What tests ask

    def sql(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the database as its owner, who sees all tenants."""
        with closing(psycopg.connect(self.postgres.owner_url)) as connection:
            return connection.execute(statement, parameters).fetchall()

    def api(self, email: str) -> httpx.Client:
        """A REST client of somebody."""
        answer = httpx.post(f"{self.url}/api/auth/token", json={"email": email, "password": PASSWORD}, timeout=10)
        answer.raise_for_status()
        return httpx.Client(
            base_url=f"{self.url}/api/", headers={"Authorization": f"Bearer {answer.json()['access']}"}, timeout=10
        )

    @contextmanager
    def socket(self, email: str) -> Iterator["Listener"]:
        """A connected WebSocket of somebody."""
        with self.api(email) as api:
            token = api.headers["Authorization"].removeprefix("Bearer ")
        url = f"ws://127.0.0.1:{self.port}/ws/?access_token={token}"
        # it takes in what comes while the test does other things: who does not read is sent away, and hears no pong
        with connect(url, open_timeout=10, max_queue=None) as connection:
            yield Listener(connection)


def _end(process: Process) -> None:
    if process.exit_code is not None:
        return
    process.ask_to_stop()
    try:
        eventually(lambda: process.exit_code is not None, within=15)
    except AssertionError:
        process.kill()


class Listener:
    """A WebSocket client that keeps what it hears."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[dict[str, Any]] = []
        self.connected = self.wait_for("connected")

    def next(self, timeout: float = 20) -> list[dict[str, Any]]:
        """The events or reply of the next frame."""
        frame = json.loads(self.connection.recv(timeout))
        events = frame if isinstance(frame, list) else [frame]
        self.heard.extend(events)
        return events

    def wait_for(self, kind: str, **data: Any) -> dict[str, Any]:
        """The next event of a type whose data holds these values."""
        while True:
            for event in self.next():
                if event["type"] == kind and all(
                    event.get("data", {}).get(name) == value for name, value in data.items()
                ):
                    return event

    def ask(self, command: str, **data: Any) -> dict[str, Any]:
        """Send a command and return its reply, whatever else comes before it."""
        request_id = f"r{len(self.heard)}"
        self.connection.send(json.dumps({"type": command, "requestId": request_id, "data": data}))
        while True:
            for frame in self.next():
                if frame.get("requestId") == request_id:
                    return frame
