"""The file of results."""

from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.results import at_least, at_most, note, publish, quantile


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of our own."""
    monkeypatch.setattr(results, "PATH", tmp_path / "RESULTS.md")
    return tmp_path / "RESULTS.md"


@pytest.mark.django_db
def test_publish_replaces_its_own_part_only(path: Path) -> None:
    publish("ingest", [at_most("late", 12.3, 10, "ms")], 0.1)
    publish("sockets", [note("something", "else")], 0.1)
    publish("ingest", [at_least("fast", 2_100, 2_000, "/s")], 3.0)

    text = path.read_text("utf-8")
    assert "| fast | 2,100 /s | ≥ 2,000 /s | yes |" in text
    assert "| something | else |  |  |" in text
    assert "late" not in text
    assert text.count("## ") == 2
    assert "Others were using the machine" in text


def test_missed_target_is_said_loudly() -> None:
    assert str(at_most("late", 12.3, 10, "ms")) == "| late | 12.3 ms | ≤ 10 ms | **no** |"


def test_quantile_of_a_few_values_is_one_of_them() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([3, 1, 2], 0.99) == 3
