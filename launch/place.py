"""The folder that holds everything one installation keeps: databases, logs, media, generated keys."""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from launch.trouble import Trouble

PROJECT = Path(__file__).resolve().parent.parent
# Where a folder goes that the unprivileged user of PostgreSQL must reach and cannot, below a home of mode 0700.
ELSEWHERE = Path("/var/lib/recado")
PRODUCTION = "serve"  # the folder of `make serve` in that of the demo


@dataclass(frozen=True)
class Place:
    root: Path

    def folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def log(self, program: str) -> Path:
        return self.folder("log") / f"{program}.log"

    @contextmanager
    def held(self) -> Iterator[None]:
        """For one launcher at a time. The kernel lets go when the holder dies, so no stale lock can be left."""
        self._check_owner()
        with (self.root / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(self._busy()) from None
            lock.truncate(0)
            print(os.getpid(), file=lock, flush=True)
            yield

    @property
    def is_held(self) -> bool:
        try:
            with self.held():
                return False
        except Trouble:
            return True

    def remember(self, environment: Mapping[str, str]) -> None:
        """Leaves the addresses for `make shell`. They carry passwords, so only the owner may read them."""
        path = self.root / "environment.json"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(dict(environment), indent=2), "utf-8")

    def remembered(self) -> dict[str, str]:
        """Raises `Trouble` before the first start."""
        path = self.root / "environment.json"
        if not path.exists():
            raise Trouble(f"There is no data in {self.root} yet: make run")
        environment: dict[str, str] = json.loads(path.read_text("utf-8"))
        return environment

    def remove(self) -> None:
        """Deletes all of it, with what had to be kept elsewhere; but not what `make serve` keeps in it."""
        for path in self.root.glob("*"):
            if path.name == PRODUCTION:
                continue
            if path.is_dir():
                shutil.rmtree(path.resolve(), ignore_errors=True)
            if path.is_symlink() or path.is_file():
                path.unlink()
        with suppress(OSError):
            self.root.rmdir()  # unless that is in it

    def _check_owner(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        if not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            owner = self.root.owner()
            raise Trouble(f"{self.root} belongs to {owner}: run this as {owner}, or name another folder: RECADO_DATA=…")

    def _busy(self) -> str:
        holder = (self.root / "lock").read_text("utf-8").strip()
        return (
            f"Recado already runs from {self.root} (process {holder}): stop that one with Ctrl-C, "
            "or give this one its own folder and port: RECADO_DATA=/tmp/second PORT=8001 make run"
        )


def own(name: str = "") -> Place:
    """The installation's folder: `.data` in the project, or where RECADO_DATA says."""
    root = Path(os.environ.get("RECADO_DATA") or PROJECT / ".data").expanduser()
    return Place((root / name).absolute())


@contextmanager
def throwaway(purpose: str) -> Iterator[Place]:
    """A folder of this run only. Those of killed runs are swept first."""
    parent = Path(tempfile.gettempdir())
    for left_over in parent.glob(f"recado-{purpose}-*"):
        with suppress(Trouble, OSError), (place := Place(left_over)).held():
            place.remove()
    place = Place(Path(tempfile.mkdtemp(prefix=f"recado-{purpose}-")))
    place.root.chmod(0o711)  # PostgreSQL's user passes through to its own folder
    try:
        with place.held():
            yield place
    finally:
        place.remove()


def elsewhere(folder: Path) -> Path:
    """The folder's stand-in under /var/lib, the same one every time."""
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    return ELSEWHERE / f"{folder.parent.parent.name}-{folder.name}-{digest}"
