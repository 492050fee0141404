"""PostgreSQL and Redis for the processes of Recado: our own, unless the environment names others."""

import os

from launch.place import Place
from launch.postgres import Postgres
from launch.redis import Redis
from launch.screen import step
from launch.supervisor import Supervisor


def start_services(supervisor: Supervisor, *, for_tests: bool = False) -> dict[str, str]:
    """Starts what is not named and returns the addresses. For tests: faster, and allowed to create databases."""
    addresses: dict[str, str] = {}
    if "DATABASE_URL" not in os.environ:
        addresses |= _start_postgres(supervisor, for_tests=for_tests)
    if "REDIS_URL" not in os.environ:
        addresses |= _start_redis(supervisor)
    return addresses


def _start_postgres(supervisor: Supervisor, *, for_tests: bool) -> dict[str, str]:
    with step("Starting PostgreSQL"):
        server = Postgres(supervisor.place.root / "postgresql", durable=not for_tests, creates_databases=for_tests)
        supervisor.start(server.prepare())
        supervisor.wait_until(
            lambda: server.is_ready, patience=120, otherwise=lambda: _silent("postgres", supervisor.place)
        )
    return {"DATABASE_URL": server.application_url, "DATABASE_OWNER_URL": server.owner_url}


def _start_redis(supervisor: Supervisor) -> dict[str, str]:
    with step("Starting Redis"):
        server = Redis(supervisor.place.folder("redis"))
        supervisor.start(server.prepare())
        supervisor.wait_until(
            lambda: server.is_ready, patience=60, otherwise=lambda: _silent("redis", supervisor.place)
        )
    return {"REDIS_URL": server.url}


def _silent(name: str, place: Place) -> str:
    return f"{name} runs but does not answer: read {place.log(name)} for the reason."
