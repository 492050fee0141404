"""The launcher is tested with the real servers and real processes, each in a folder that ends with the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.place import Place, throwaway
from launch.supervisor import Supervisor


@pytest.fixture(autouse=True)
def _own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where nobody has named any."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "RECADO_DATA", "VERBOSE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def place() -> Iterator[Place]:
    with throwaway("launch") as folder:
        yield folder


@pytest.fixture
def supervisor(place: Place) -> Iterator[Supervisor]:
    supervisor = Supervisor(place)
    yield supervisor
    supervisor.stop()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "program.log"
