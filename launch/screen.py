"""The few calm lines that the person at the terminal sees."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

COLOURS = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36, "grey": 90, "bold": 1}


def is_lively() -> bool:
    """Whether somebody watches a terminal that can move its cursor."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, colour: str) -> str:
    if not is_lively() or "NO_COLOR" in os.environ:
        return text
    return f"\033[{COLOURS[colour]}m{text}\033[0m"


def say(text: str = "") -> None:
    print(text, flush=True)


def complain(text: str) -> None:
    print(paint("✗ ", "red") + text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """One line for a piece of work: `… text` while it lasts, `✓ text` and its seconds afterwards."""
    began = time.monotonic()
    if not is_lively():
        say(f"  {text} …")
        yield
        return
    print(f"  … {text}", end="", flush=True)
    try:
        yield
    except BaseException:
        say()
        raise
    say(f"\r  {paint('✓', 'green')} {text} {paint(f'{time.monotonic() - began:.1f} s', 'grey')}")
