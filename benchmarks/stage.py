"""The programs under test, started with the very commands that `make run` uses, and what they take of the machine."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import programs
from launch.ports import free_port, listen
from launch.processes import Process, Program, start

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
READY_SECONDS = 60


@contextmanager
def running(*cast: Program) -> Iterator[list[Process]]:
    """The programs, inside the block; their logs are in a folder of the run."""
    with tempfile.TemporaryDirectory(prefix="recado-bench-log-") as folder:
        processes = [start(program, Path(folder) / f"{program.name}.log") for program in cast]
        try:
            yield processes
        finally:
            for process in reversed(processes):
                _stop(process)


@contextmanager
def recado(*companions: Program) -> Iterator[tuple[int, list[Process]]]:
    """Our web server on a free port, with its companions; the port, and the processes with the web server first."""
    port = free_port()
    with (
        listen("127.0.0.1", str(port)) as listener,
        running(programs.web("web", listener.fileno()), *companions) as all_,
    ):
        wait_for_web(port, all_[0])
        yield port, all_


def wait_for_port(port: int, process: Process) -> None:
    """Return once the server takes connections; raise as soon as it has ended."""
    _wait(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close(), process)


def wait_for_web(port: int, process: Process) -> None:
    """Return once the web server answers; the socket that it inherits takes connections before, and after it."""
    _wait(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close(), process)


def _wait(ask: Callable[[], None], process: Process) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.exit_code is None and time.monotonic() < deadline:
        try:
            ask()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.program.name} does not answer:\n{process.last_words()}")


def _stop(process: Process) -> None:
    unexpected = bool(process.exit_code)
    process.ask_to_stop()
    try:
        process.popen.wait(process.program.patience)
    except subprocess.TimeoutExpired:
        process.kill()
    if unexpected:
        print(f"{process.program.name} had ended before it should:\n{process.last_words()}", file=sys.stderr)


def cpu_seconds(process: Process) -> float:
    """CPU time that a program has used until now."""
    return sum(map(_cpu_seconds, _family(process)))


def _family(process: Process) -> list[int]:
    """A program and its children: Celery's workers and granian fork."""
    own = process.popen.pid
    children = Path(f"/proc/{own}/task/{own}/children").read_text("utf-8").split()
    return [own, *map(int, children)]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND


def resident_bytes(process: Process) -> int:
    """Memory that a program holds now."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) for pid in _family(process)) * _PAGE_BYTES
