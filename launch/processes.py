"""Starting a program so that it cannot outlive us, and stopping it politely."""

import ctypes
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from launch.place import PROJECT
from launch.stopping import pause
from launch.trouble import Trouble, explain

PR_SET_PDEATHSIG = 1
ALARMS = r"\b(WARNING|ERROR|CRITICAL)\b"
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Program:
    """What to start, and how it likes to be stopped."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)  # on top of our own
    stdin: str = ""
    user: tuple[int, int] | None = None  # (uid, gid) to become, when we are root
    inherits: Sequence[int] = ()  # file descriptors
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0  # seconds between asking it to stop and killing it
    alarms: str = ALARMS  # the lines of its log that a person should see


@dataclass(frozen=True)
class Process:
    program: Program
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.popen.poll()

    def ask_to_stop(self) -> None:
        """Only the head of the process group: it stops its own children in its own order."""
        if self.exit_code is None:
            self.popen.send_signal(self.program.stop_signal)

    def kill(self) -> None:
        """The whole group, also when its head is gone already."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def last_words(self, lines: int = 12) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])


def start(program: Program, log: Path) -> Process:
    """Output goes straight to the log file: a program never waits for us to read it. One earlier log is kept."""
    uid, gid = program.user or (None, None)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        popen = subprocess.Popen(
            program.command,
            cwd=PROJECT if program.user is None else "/",
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C and the closing of the terminal reach the launcher only
            user=uid,
            group=gid,
            extra_groups=None if program.user is None else [],
            pass_fds=program.inherits,
            preexec_fn=dies_with_us(program.stop_signal),  # noqa: PLW1509  the launcher has no threads
        )
    _hand_over(popen, program.stdin)
    return Process(program, popen, log)


def run(what: str, program: Program) -> str:
    """Runs a short program to its end and returns what it said; raises `Trouble` that names `what` when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        process = start(program, Path(folder) / "output")
        try:
            while process.exit_code is None:
                pause(0.02)
        finally:
            process.ask_to_stop()
            process.popen.wait()
        said = process.log.read_text("utf-8", "replace")
    if process.exit_code:
        raise explain(what, said)
    return said


def _hand_over(popen: subprocess.Popen[bytes], text: str) -> None:
    if popen.stdin is None:
        return
    with suppress(BrokenPipeError), popen.stdin as pipe:
        pipe.write(text.encode())


def dies_with_us(signal_number: int = signal.SIGTERM) -> Callable[[], None]:
    """Linux tells the child when its parent is gone, however it went; so `kill -9` of the launcher leaves nothing."""
    launcher = os.getpid()

    def ask_the_kernel() -> None:
        if hasattr(LIBC, "prctl"):
            LIBC.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != launcher:  # it died before we could ask
            os._exit(1)

    return ask_the_kernel


def command_of(pid: int) -> str:
    """The command line of a running process; empty when there is none (a zombie has none either)."""
    if Path("/proc/self/cmdline").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ").strip()
        return ""
    asked = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def end_orphan(pid: int, stop_signal: signal.Signals) -> None:
    """Ends a server of ours that an earlier launcher left behind."""
    os.kill(pid, stop_signal)
    deadline = time.monotonic() + 30
    while command_of(pid):
        if time.monotonic() > deadline:
            raise Trouble(f"A server of an earlier run does not stop: end process {pid}, then run this again.")
        pause(0.05)


def die_with_make() -> None:
    """`make` killed hard must take us along too. A shell that started us may go; make stays until we are done."""
    if "MAKELEVEL" in os.environ and hasattr(LIBC, "prctl"):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
