"""The programs that make up a running Recado, each command in this one place (docs/operations.md explains them)."""

import sys
from collections.abc import Mapping
from pathlib import Path

from launch.processes import ALARMS, Program

CELERY = [sys.executable, "-m", "celery", "-A", "config.celery"]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def migrate(environment: Mapping[str, str]) -> Program:
    """As the owner of the tables, whom row-level security does not bind."""
    return Program("migrate", manage("migrate", "--no-input"), {**environment, "RECADO_LOGIN": "owner"})


def messages(action: str) -> list[str]:
    """Apart, because it needs an installed package and the launcher must not."""
    return [sys.executable, "-m", "launch.messages", action]


def web(name: str, listener: int) -> Program:
    """One process of the web server on the shared socket. The measurements are in docs/decisions."""
    return Program(
        name,
        [
            *(sys.executable, "-m", "uvicorn", "config.asgi:application"),
            *("--fd", str(listener)),
            *("--loop", "uvloop", "--http", "httptools", "--lifespan", "on"),
            *("--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
            *("--ws-max-size", str(1024 * 1024)),  # larger than what is answered with `too_large`
            *("--timeout-graceful-shutdown", "5"),
            *("--no-access-log", "--no-server-header"),
        ],
        inherits=[listener],
        alarms=rf"{ALARMS}(?!.*: /readyz)",  # it is us who ask, until it is ready
        patience=15,  # sockets are told over 4 seconds, then uvicorn takes up to 5
    )


def ingest() -> Program:
    return Program("ingest", manage("ingest"), patience=25)  # the batch in hand may be finished


def worker() -> Program:
    return Program(
        "worker",
        [
            *(*CELERY, "worker", "--loglevel", "INFO", "--hostname", "worker@%h"),
            *("--queues", "default,sending,media", "--concurrency", "4"),
            *("--without-gossip", "--without-mingle"),  # workers have nothing to tell each other
        ],
        patience=25,  # a send that waits for Meta's answer may finish
    )


def beat(schedule: Path) -> Program:
    return Program("beat", [*CELERY, "beat", "--loglevel", "INFO", "--schedule", str(schedule), "--pidfile="])


def simulator(port: int, database: Path, recado_url: str) -> Program:
    return Program(
        "simulator",
        [sys.executable, "-m", "simulator"],
        environment={
            "HOST": "127.0.0.1",
            "SIMULATOR_PORT": str(port),
            "SIMULATOR_DB": str(database),
            "RECADO_URL": recado_url,
        },
    )
