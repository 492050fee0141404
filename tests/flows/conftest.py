"""One running Recado for all flows; each test uses customers of its own."""

import itertools
from collections.abc import Iterator

import pytest

from tests.stack import Stack

_phones = itertools.count(5511700000001)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    folder.chmod(0o711)
    for parent in folder.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)  # PostgreSQL's own user passes through
    running = Stack(folder)
    try:
        running.start()
        yield running
    finally:
        running.close()


@pytest.fixture
def phone() -> str:
    """A customer nobody has heard of."""
    return str(next(_phones))
