"""The embedded PostgreSQL and Redis: data that stays, and every way in which an earlier run may have ended."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from launch.place import ELSEWHERE, PROJECT, Place, elsewhere
from launch.postgres import Postgres
from launch.processes import command_of, start
from launch.redis import Redis
from launch.services import start_services
from launch.supervisor import Supervisor
from tests.waiting import eventually

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user, which only root may")
SITE_PACKAGES = Path(psycopg.__file__).parent.parent


@contextmanager
def running(place: Place) -> Iterator[dict[str, str]]:
    supervisor = Supervisor(place)
    try:
        yield start_services(supervisor)
    finally:
        supervisor.stop()


def test_services_keep_their_data_over_a_restart(place: Place) -> None:
    with running(place) as addresses:
        with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('recado')")
        with redis.from_url(addresses["REDIS_URL"]) as client:
            client.set("word", "recado")
    with running(place) as addresses:
        with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("recado",)]
        with redis.from_url(addresses["REDIS_URL"]) as client:
            assert client.get("word") == b"recado"


def test_services_named_by_the_environment_are_not_started(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db.test/recado")
    monkeypatch.setenv("REDIS_URL", "redis://cache.test")
    assert start_services(supervisor) == {}
    assert supervisor.tiers == []


def test_logins_have_no_more_rights_than_row_level_security_allows(place: Place) -> None:
    with running(place) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        rights = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname ~ '^recado'"
        ).fetchall()
    assert sorted(rights) == [("recado", False, False, True, False), ("recado_web", False, False, False, False)]


def test_services_refuse_who_does_not_know_the_password(place: Place) -> None:
    with running(place) as addresses:
        server = addresses["DATABASE_URL"].partition("@")[2]
        for login in ("recado:wrong", "postgres"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(f"postgres://{login}@{server}")
        with (
            redis.from_url("redis://" + addresses["REDIS_URL"].partition("@")[2]) as client,
            pytest.raises(redis.AuthenticationError),
        ):
            client.ping()


def test_postgres_survives_a_pid_file_whose_number_belongs_to_another_program(place: Place) -> None:
    with running(place):
        pass
    stale = [str(os.getpid()), str(place.root / "postgresql"), "1700000000", "5432", "", "127.0.0.1", "", "ready"]
    (place.root / "postgresql" / "postmaster.pid").write_text("\n".join(stale) + "\n", "utf-8")
    (place.root / "redis" / "server.pid").write_text(f"{os.getpid()}\n", "utf-8")
    with running(place) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_servers_left_by_a_dead_launcher_are_stopped_first(place: Place) -> None:
    """Where the kernel cannot tell children of a parent's death, they live on."""
    postgres, cache = Postgres(place.root / "postgresql"), Redis(place.folder("redis"))
    orphans = [start(program, place.log(program.name)) for program in (postgres.prepare(), cache.prepare())]
    eventually(lambda: postgres.is_ready and cache.is_ready)
    with running(place) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert [orphan.exit_code for orphan in orphans] == [0, 0]


def test_killing_the_launcher_leaves_no_server_behind(place: Place) -> None:
    with launcher(place.root / "data") as process:
        pids = servers_below(place.root)
        assert len(pids) == 2
        process.kill()
    eventually(lambda: not any(command_of(pid) for pid in pids))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_polite_signal_stops_the_servers(place: Place, number: signal.Signals) -> None:
    with launcher(place.root / "data") as process:
        process.send_signal(number)
        assert process.communicate(timeout=30)[0].endswith("STOPPED\n")
    assert servers_below(place.root) == []


@ROOT_ONLY
def test_services_run_for_a_normal_user(place: Place) -> None:
    nobody = pwd.getpwnam("nobody")
    data = place.folder("data")
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    if not readable_by_nobody(SITE_PACKAGES):
        pytest.skip("the project lies where nobody can read it")
    with launcher(data, python="/usr/bin/python3", user=nobody.pw_uid) as process:
        process.terminate()
        assert process.communicate(timeout=30)[0].endswith("STOPPED\n")
    assert (data / "postgresql").owner() == "nobody"


@ROOT_ONLY
def test_root_keeps_the_data_elsewhere_when_the_project_is_private(place: Place) -> None:
    private = place.folder("private")
    private.chmod(0o700)
    data = Place(private / "project" / ".data")
    data.folder("log")
    try:
        with running(data) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert (data.root / "postgresql").resolve() == elsewhere(data.root / "postgresql")
        assert (data.root / "postgresql").resolve().is_relative_to(ELSEWHERE)
    finally:
        data.remove()
    assert not elsewhere(data.root / "postgresql").exists()


@contextmanager
def launcher(data: Path, python: str = sys.executable, user: int | None = None) -> Iterator["subprocess.Popen[str]"]:
    """A process that has started both servers; killed at the end if it is still there."""
    process = subprocess.Popen(
        [python, "-B", Path(__file__).with_name("brings_up.py"), data],
        stdout=subprocess.PIPE,
        text=True,
        user=user,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{PROJECT}:{SITE_PACKAGES}"},
    )
    assert process.stdout
    try:
        while (line := process.stdout.readline()) != "READY\n":
            assert line, "it ended before it was ready"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def readable_by_nobody(folder: Path) -> bool:
    asked = subprocess.run(["/bin/sh", "-c", 'test -r "$0"', folder], user="nobody", check=False)
    return asked.returncode == 0 and shutil.which("python3", path="/usr/bin") is not None


def servers_below(root: Path) -> list[int]:
    """Heads of PostgreSQL and Redis that work in a folder below `root`."""
    return [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdecimal() and is_server(int(process.name)) and works_below(process, root)
    ]


def is_server(pid: int) -> bool:
    command = command_of(pid)
    return "bin/postgres -D" in command or "valkey-server" in command


def works_below(process: Path, root: Path) -> bool:
    try:
        return (process / "cwd").resolve().is_relative_to(root)
    except OSError:
        return False
