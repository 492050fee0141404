"""What `make run` and `make serve` tell the processes; that they come up is the flows' business."""

import os
from pathlib import Path

import pytest

from launch import story
from launch.story import Demo, Production
from launch.trouble import Trouble


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOST", "PORT", "SITE_URL", "GRAPH_URL", "SIMULATOR_URL", "SECRET_KEY", "ENCRYPTION_KEYS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("MEDIA_ROOT", "STATIC_ROOT", "ALLOWED_HOSTS", "WEB_PROCESSES", "WHATSAPP_VERIFY_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RECADO_DATA", str(tmp_path))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104  the address to show for it is the question
        ("::1", "http://[::1]:8000"),
        ("::", "http://[::1]:8000"),
    ],
)
def test_url_is_one_that_a_browser_here_can_open(host: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", host)
    assert Demo().url == url


def test_demo_sends_to_the_simulator_and_nowhere_else() -> None:
    demo = Demo()
    environment = demo.environment()
    assert environment["RECADO_MODE"] == "demo"
    assert environment["GRAPH_URL"] == f"http://127.0.0.1:{demo.simulator_port}/simulator/graph"


def test_demo_leaves_what_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_URL", "http://127.0.0.1:9/graph")
    assert "GRAPH_URL" not in Demo().environment()


def test_production_has_no_simulator_and_data_of_its_own(tmp_path: Path) -> None:
    production = Production()
    environment = production.environment()
    assert production.place.root == tmp_path / "serve"
    assert production.companions() == []
    assert environment["RECADO_MODE"] == "production"
    assert "GRAPH_URL" not in environment


def test_production_makes_its_keys_once_and_for_its_owner_only(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = Production().environment(), Production().environment()
    assert first == second
    assert "keep that file" in capsys.readouterr().out
    assert (Production().place.root / "keys.json").stat().st_mode & 0o077 == 0


def test_production_takes_the_keys_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    environment = Production().environment()
    assert "SECRET_KEY" not in environment
    assert "ENCRYPTION_KEYS" in environment


@pytest.mark.parametrize("count", ["0", "-1", "two"])
def test_number_of_web_processes_must_be_one(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PROCESSES", count)
    with pytest.raises(Trouble, match="WEB_PROCESSES"):
        story._web_names()


def test_static_files_are_collected_when_one_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "PROJECT", tmp_path)
    monkeypatch.setattr(story, "VENV", tmp_path)
    manifest, stamp, style = (tmp_path / name for name in ("staticfiles.json", "recado-packages", "static/style.css"))
    style.parent.mkdir()
    stamp.touch()
    style.touch()
    assert not story.is_collected(manifest)
    manifest.touch()
    os.utime(manifest, (2_000_000_000, 2_000_000_000))
    assert story.is_collected(manifest)
    os.utime(style, (2_000_000_001, 2_000_000_001))
    assert not story.is_collected(manifest)
