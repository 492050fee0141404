"""Ctrl-C, SIGTERM and the closing of the terminal all mean the same: stop everything, in order."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

heard: list[float] = []  # when; signals within a second are one: make passes on what has reached us already


class Stop(BaseException):
    """Somebody wants us to stop. Not an Exception: nobody but the top may catch it."""


def listen() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _hear)


def pause(seconds: float) -> None:
    """Sleeps, then raises `Stop` if a signal has come. Every wait of the launcher is made of these."""
    time.sleep(seconds)
    if heard or _make_was_interrupted():
        raise Stop


def is_urgent() -> bool:
    """After the second signal nobody wants to wait for a polite end."""
    return len(heard) > 1


def _hear(number: int, frame: FrameType | None) -> None:
    """Takes a note, no more. An exception from here could strike anywhere: between a lock taken by Popen.poll() and
    its release, after which that process would never be seen to end.
    """
    del number, frame
    now = time.monotonic()
    if not heard or now - heard[-1] > 1:
        heard.append(now)


def _make_was_interrupted() -> bool:
    """Ctrl-C reaches us as well as make. `kill -INT` of make alone does not: make then waits for us, inside its
    handler, and Linux shows that it holds back further ones.
    """
    if "MAKELEVEL" not in os.environ:
        return False
    with suppress(OSError):
        status = Path(f"/proc/{os.getppid()}/status").read_text("ascii")
        blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
        return bool(blocked & 1 << (signal.SIGINT - 1))
    return False
