import os
import stat
import tempfile
from pathlib import Path

import pytest

from launch.__main__ import _reset
from launch.place import PRODUCTION, Place, own, throwaway
from launch.trouble import Trouble


def test_place_is_for_one_launcher_at_a_time(tmp_path: Path) -> None:
    place = Place(tmp_path / "data")
    with place.held():
        assert place.is_held
        with pytest.raises(Trouble, match=f"already runs from {place.root} \\(process {os.getpid()}\\)"), place.held():
            pass
    assert not place.is_held


def test_place_remembers_addresses_for_the_owner_only(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.remember({"DATABASE_URL": "postgres://recado:secret@127.0.0.1/recado"})
    assert place.remembered()["DATABASE_URL"].endswith("/recado")
    assert stat.S_IMODE((tmp_path / "environment.json").stat().st_mode) == 0o600


def test_own_place_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECADO_DATA", str(tmp_path / "second"))
    assert own().root == tmp_path / "second"


def test_reset_leaves_what_production_keeps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECADO_DATA", str(tmp_path / "data"))
    demo, production, elsewhere = own(), own(PRODUCTION), tmp_path / "elsewhere"
    for kept in (demo.folder("redis"), demo.folder("media/acme"), production.root, elsewhere):
        kept.mkdir(parents=True, exist_ok=True)
        (kept / "file").touch()
    (demo.root / "postgresql").symlink_to(elsewhere)
    assert _reset([]) == 0
    assert [path.name for path in demo.root.iterdir()] == [PRODUCTION]
    assert (production.root / "file").exists()
    assert not elsewhere.exists()


def test_throwaway_goes_with_its_run_and_with_those_that_were_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left_over = tmp_path / "recado-sweep-killed"
    left_over.mkdir()
    with throwaway("sweep") as first, throwaway("sweep") as second:
        assert not left_over.exists()
        assert first.root.exists()
        assert first.root != second.root
    assert list(tmp_path.iterdir()) == []
