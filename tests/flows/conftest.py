"""One running Recado for all flows; each test uses customers of its own."""

import itertools
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from launch.place import throwaway
from tests.stack import Stack

LAST_WORDS = 4_000  # characters
_phones = itertools.count(5511700000001)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Everything, in a folder that PostgreSQL's own user can reach (pytest's are closed to others)."""
    with throwaway("flow") as place:
        running = Stack(place)
        try:
            running.start()
            yield running
        finally:
            running.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the processes said last stands below a test that failed: their folder goes with the run."""
    report = yield
    stack = item.funcargs.get("stack")
    if report.failed and stack:
        report.sections += [
            (f"{name}, exit code {stack.running[name].exit_code}", stack.log(name)[-LAST_WORDS:])
            for name in stack.running
        ]
    return report


@pytest.fixture
def phone() -> str:
    """A customer nobody has heard of."""
    return str(next(_phones))
