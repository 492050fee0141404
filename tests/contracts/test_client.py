"""The JavaScript client knows what the server does: its types and methods are those of the code."""

import subprocess
from pathlib import Path

from api import typescript

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "static" / "js"
STALE = "the client does not know of a change of the server, or of its own: run `make contract` and commit"


def tsc(*options: str) -> str:
    """What the compiler complains of."""
    command = [str(ROOT / "node_modules" / ".bin" / "tsc"), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_types_are_those_of_the_server() -> None:
    assert (CLIENT / "socket" / "contract.d.ts").read_text("utf-8") == typescript.declarations(), STALE


def test_there_is_a_method_for_every_command() -> None:
    assert (CLIENT / "socket" / "commands.js").read_text("utf-8") == typescript.methods(), STALE


def test_declarations_are_those_of_the_implementation(tmp_path: Path) -> None:
    assert tsc("--project", "tsconfig.declarations.json", "--outDir", str(tmp_path)) == ""
    made = {str(path.relative_to(tmp_path)): path.read_text("utf-8") for path in tmp_path.rglob("*.d.ts")}
    kept = {str(path.relative_to(CLIENT)): path.read_text("utf-8") for path in CLIENT.rglob("*.d.ts")}
    assert made == {name: text for name, text in kept.items() if name != "socket/contract.d.ts"}, STALE


def test_declarations_serve_people_who_write_typescript() -> None:
    options = ("--noEmit", "--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler")
    assert tsc(*options, "--ignoreConfig", "tests/contracts/client.ts") == ""
