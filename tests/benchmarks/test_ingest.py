"""A second of load on the whole thing: the benchmark itself works, and nothing is lost or double."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from launch import processes, programs
from launch.place import PROJECT, throwaway
from launch.services import start_services
from launch.supervisor import Supervisor


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What the benchmark is told: a migrated PostgreSQL and a Redis of its own."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    with throwaway("bench-test") as place:
        supervisor = Supervisor(place)
        try:
            told = {"RECADO_MODE": "demo", "MEDIA_ROOT": str(place.folder("media")), **start_services(supervisor)}
            processes.run("Migrating the database", programs.migrate(told))
            yield told
        finally:
            supervisor.stop()


@pytest.mark.flow
@pytest.mark.timeout(180)
def test_benchmark_finds_every_message_once(environment: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "ingest", "1"],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "| lost, double | 0, 0 | 0, 0 | yes |" in run.stdout
