"""A simulator in a process of its own, and a small server that stands in for the helpdesk."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.simulator.parts import Helpdesk, Received, Simulator, answers, client, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def running_helpdesk() -> Iterator[Helpdesk]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            code = receiver.take(Received(raw, self.headers.get("X-Hub-Signature-256")))
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Helpdesk(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def start(running_helpdesk: Helpdesk) -> Callable[[Path], Simulator]:
    """Starts a simulator on a database; the caller stops it."""

    def run(database: Path) -> Simulator:
        port = free_port()
        ours = {
            "SIMULATOR_PORT": str(port),
            "SIMULATOR_DB": str(database),
            "RECADO_URL": running_helpdesk.url,
            "RECADO_MODE": "test",
            "SIMULATOR_RETRY_SECONDS": "0.05",
        }
        environment = {name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | ours
        process = subprocess.Popen([sys.executable, "-m", "simulator"], cwd=ROOT, env=environment)
        simulator = Simulator(f"http://127.0.0.1:{port}/simulator", process, client())
        wait_until(lambda: answers(simulator.http, f"{simulator.url}/api/queue"))
        return simulator

    return run


@pytest.fixture(scope="session")
def running_simulator(
    start: Callable[[Path], Simulator], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Simulator]:
    simulator = start(tmp_path_factory.mktemp("simulator") / "state.sqlite3")
    yield simulator
    simulator.stop()


@pytest.fixture
def helpdesk(running_helpdesk: Helpdesk) -> Helpdesk:
    running_helpdesk.clear()
    return running_helpdesk


@pytest.fixture
def simulator(running_simulator: Simulator, running_helpdesk: Helpdesk) -> Simulator:
    """The simulator as on its first day, with quick statuses."""
    running_simulator.http.post(f"{running_simulator.url}/api/reset")
    running_helpdesk.clear()
    running_simulator.behave()
    return running_simulator
