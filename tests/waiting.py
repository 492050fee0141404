"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

import httpx

PATIENCE = 30.0  # seconds until waiting for a condition has failed

T = TypeVar("T")


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
