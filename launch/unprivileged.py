"""PostgreSQL refuses to run as root. As root, then, it runs as somebody who owns nothing."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from launch.place import ELSEWHERE, elsewhere


def postgres_user(data: Path) -> tuple[int, int] | None:
    """(uid, gid) that PostgreSQL is to run as, None for our own: as root the owner of its data, at first `nobody`."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def can_use(path: Path, user: tuple[int, int] | None) -> bool:
    """Whether `user` may enter (a folder) or run (a file); asked by trying, which knows of every kind of permission."""
    uid, gid = user or (None, None)
    tried = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', path],
        cwd="/",
        check=False,
        user=uid,
        group=gid,
        extra_groups=None if user is None else [],
    )
    return tried.returncode == 0


def home_for(folder: Path, user: tuple[int, int] | None) -> Path:
    """Where the data of `user` goes: `folder`, or (below a home of mode 0700) elsewhere with a link left as a note."""
    if folder.is_symlink():
        return folder.resolve()
    if folder.exists() or can_use(folder.parent, user):
        return folder
    target = elsewhere(folder)
    _public(target.parent)
    folder.symlink_to(target)
    return target


def readable_copy(package: Path, version: str) -> Path:
    """A copy of the wheel's files that everybody may run: a project below /root cannot be read by nobody."""
    copy = _public(ELSEWHERE) / f"postgresql-{version}"
    if not copy.exists():
        scratch = copy.with_name(f"{copy.name}.{os.getpid()}")
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, scratch / folder.name)
        subprocess.run(["chmod", "-R", "a+rX", scratch], check=True)
        scratch.rename(copy)
    return copy / package.name


def _public(folder: Path) -> Path:
    """Made for everybody to pass through, whatever our umask."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    return folder
