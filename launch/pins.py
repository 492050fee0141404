"""`make pins`: tries the newest transitive packages that our own pins allow, and writes them down."""

import subprocess
import sys
import tempfile
from pathlib import Path

from launch.place import PROJECT
from launch.screen import step

FILES = ("requirements.txt", "requirements-dev.txt", "requirements-embedded.txt")
CONSTRAINTS = PROJECT / "constraints.txt"
OURS = ("pip", "setuptools", "wheel")  # of the virtual environment itself


def main() -> None:
    heading = [line for line in CONSTRAINTS.read_text("utf-8").splitlines() if line.startswith("#")]
    with tempfile.TemporaryDirectory() as folder, step("Installing everything into a fresh environment"):
        pins = _resolve(Path(folder))
    CONSTRAINTS.write_text("\n".join([*heading, *pins, ""]), "utf-8")


def _resolve(folder: Path) -> list[str]:
    """In copies of our files that ask for no constraints."""
    for name in FILES:
        text = (PROJECT / name).read_text("utf-8").replace("-c constraints.txt", "")
        (folder / name).write_text(text, "utf-8")
    python = folder / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    wanted = [word for name in FILES for word in ("-r", folder / name)]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    frozen = subprocess.run([python, "-m", "pip", "freeze"], check=True, capture_output=True, text=True)
    return [line for line in frozen.stdout.splitlines() if line.partition("==")[0] not in OURS]


if __name__ == "__main__":
    main()
