"""Real processes for tests: started on free ports, waited for, stopped; their output is shown when they fail."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

import httpx

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")

PATIENCE = 30.0  # seconds until waiting for a condition has failed


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(ask: Callable[[], T], *, within: float = PATIENCE, every: float = 0.02) -> T:
    """The first true answer of `ask`; fails with its last answer, or the assertion it raised, when time is up."""
    deadline = time.monotonic() + within
    while True:
        try:
            answer = ask()
            if answer:
                return answer
            trouble: Exception = AssertionError(f"still {answer!r} after {within} s")
        except (AssertionError, httpx.TransportError, OSError) as error:
            trouble = error
        if time.monotonic() > deadline:
            raise trouble
        time.sleep(every)


class Process:
    """A program of ours, in a process group of its own."""

    def __init__(self, *command: str, **environment: str) -> None:
        self.command = [sys.executable, "-m", *command]
        self.environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
        self.log = tempfile.NamedTemporaryFile(prefix="recado-test-", suffix=".log")  # noqa: SIM115  lives as long as we do
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it, again after a stop or kill."""
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )
        return self

    def answers(self, url: str) -> Self:
        """Wait until `url` answers 200."""
        eventually(lambda: self.alive() and httpx.get(url, timeout=2).status_code == 200)
        return self

    def says(self, words: str) -> Self:
        """Wait until its output contains `words`."""
        eventually(lambda: self.alive() and words in self.output())
        return self

    def alive(self) -> bool:
        """True while it runs; fails with its output when it has died."""
        assert self.process is not None
        assert self.process.poll() is None, f"{self.command} ended:\n{self.output()[-4000:]}"
        return True

    def output(self) -> str:
        """All it has printed."""
        return Path(self.log.name).read_text(errors="replace")

    def signal(self, number: int) -> None:
        """Send a signal to the whole group."""
        assert self.process is not None
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """The hard way: SIGKILL, and wait for the end."""
        self.signal(9)
        assert self.process is not None
        self.process.wait(10)

    def stop(self) -> None:
        """The polite way; whoever does not go within 10 s is killed."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
