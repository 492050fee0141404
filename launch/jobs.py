"""Work that wants PostgreSQL and Redis beside it and a terminal of its own: tests, benchmarks, a shell."""

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence

from launch import programs
from launch.install import install, install_chromium, install_nginx
from launch.keys import fresh_keys
from launch.place import Place, own, throwaway
from launch.processes import Program, dies_with_us, run
from launch.services import start_services
from launch.supervisor import Supervisor

ALL_TESTS = ["--numprocesses=2", "--dist=loadfile"]
"""Half of their time is waiting for servers and browsers: two processes fit on two cores."""


def test(arguments: Sequence[str]) -> int:
    """pytest on real servers in a folder of this run; several runs at once do not meet."""
    install(for_development=True)
    goes_without = os.environ.get("RECADO_SKIP_BROWSER") == "1"
    chromium = os.environ.get("CHROMIUM") or (None if goes_without else install_chromium())
    browser = {"CHROMIUM": chromium} if chromium else {}  # without one, the tests that need it say so and fail
    install_nginx()
    keep = [] if "DATABASE_URL" in os.environ else ["--reuse-db"]  # it goes with its server: no need to drop it
    with throwaway("test") as place:
        told = {"RECADO_MODE": "test", "MEDIA_ROOT": str(place.folder("media")), **browser}
        return _with_services(
            place, [sys.executable, "-m", "pytest", *keep, *(arguments or ALL_TESTS)], told, for_tests=True
        )


def bench(arguments: Sequence[str]) -> int:
    """`python -m benchmarks NAME`, with production settings and a migrated database that keeps what it is told."""
    install(for_development=True)
    with throwaway("bench") as place:
        told = {
            "RECADO_MODE": "production",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "MEDIA_ROOT": str(place.folder("media")),
            "WHATSAPP_APP_SECRET": secrets.token_hex(16),
            **fresh_keys(),
        }
        return _with_services(place, [sys.executable, "-m", "benchmarks", *arguments], told, migrated=True)


def manage(arguments: Sequence[str]) -> int:
    """`manage.py …` on the demo's database: with the servers of a `make run` that is up, else with its own."""
    install()
    place = own()
    command, told = programs.manage(*(arguments or ["shell"])), place.remembered()
    if place.is_held:
        return _foreground(Supervisor(place), command, told)
    with place.held():
        return _with_services(place, command, told)


def _with_services(
    place: Place,
    command: Sequence[str],
    told: Mapping[str, str],
    *,
    for_tests: bool = False,
    migrated: bool = False,
) -> int:
    run("Compiling the translations", Program("messages", programs.messages("compile")))
    supervisor = Supervisor(place)
    try:
        environment = {**told, **start_services(supervisor, for_tests=for_tests)}
        if migrated:
            run("Migrating the database", programs.migrate(environment))
        return _foreground(supervisor, command, environment)
    finally:
        supervisor.stop()


def _foreground(supervisor: Supervisor, command: Sequence[str], environment: Mapping[str, str]) -> int:
    """In our process group, so that the terminal is its own and Ctrl-C reaches it; returns its exit code."""
    child = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        preexec_fn=dies_with_us(),  # noqa: PLW1509  the launcher has no threads
    )
    try:
        supervisor.wait_until(lambda: child.poll() is not None)
    finally:
        _see_off(child)
    return child.returncode


def _see_off(child: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C has reached it too, and it may be tidying up; other signals have reached only us."""
    for insist in (child.terminate, child.kill):
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            insist()
    child.wait()
