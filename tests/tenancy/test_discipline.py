"""Rules about the source that no type can say."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TRACKED = subprocess.run(["git", "ls-files", "*.py"], cwd=PROJECT, capture_output=True, text=True, check=False).stdout
SOURCES = [path for path in TRACKED.split() if not path.startswith(("tenancy/", "tests/"))]


@pytest.mark.skipif(not SOURCES, reason="needs the repository")
@pytest.mark.parametrize(
    "words", [r"\b(SET|RESET)\s+(LOCAL\s+|SESSION\s+)?(ROLE|app\.|application_name)", r"set_config\(", r"\bas_login\b"]
)
def test_nobody_but_tenancy_tells_postgresql_who_is_asking(words: str) -> None:
    spoken = re.compile(words)

    assert [path for path in SOURCES if spoken.search((PROJECT / path).read_text())] == []
