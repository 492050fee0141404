"""One running Recado for all flows; each test uses customers of its own."""

import itertools
from collections.abc import Iterator

import pytest

from launch.place import throwaway
from tests.stack import Stack

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


@pytest.fixture
def phone() -> str:
    """A customer nobody has heard of."""
    return str(next(_phones))
