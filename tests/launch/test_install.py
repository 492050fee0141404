import os
from pathlib import Path

import pytest

from launch import install, vendor
from launch.trouble import Trouble


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(install, "PROJECT", tmp_path)
    return tmp_path


def changed(folder: Path) -> bool:
    with install._when_changed(folder, "stamp", ["pins.txt"]) as is_changed:
        return is_changed


def test_packages_are_installed_when_the_pins_changed_and_only_then(project: Path) -> None:
    (project / "pins.txt").write_text("Django==5.2.19", "utf-8")
    assert [changed(project), changed(project)] == [True, False]
    (project / "pins.txt").write_text("Django==5.2.20", "utf-8")
    assert [changed(project), changed(project)] == [True, False]


def test_packages_are_installed_again_after_an_installation_that_failed(project: Path) -> None:
    (project / "pins.txt").write_text("Django==5.2.19", "utf-8")
    with pytest.raises(Trouble), install._when_changed(project, "stamp", ["pins.txt"]):
        raise Trouble("no network")
    assert changed(project)


def test_missing_npm_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Trouble, match=r"npm is missing: install Node\.js"):
        install._run_npm([])


def test_missing_ensurepip_is_a_sentence_for_who_may_not_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match=r"apt-get install python3\.\d+-venv"):
        install._install_ensurepip()


def test_vendor_holds_what_the_pages_load() -> None:
    assert "export default Sortable" in (vendor.VENDOR / "sortable.js").read_text("utf-8")
    icons = (vendor.VENDOR / "icons.svg").read_text("utf-8")
    wanted = vendor.WANTED_ICONS.read_text("utf-8").split()
    assert [name for name in wanted if f'<symbol id="{name}" viewBox="0 0 24 24"><' not in icons] == []


def test_vendor_refuses_an_icon_that_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "icons.txt").write_text("no-such-icon\n", "utf-8")
    monkeypatch.setattr(vendor, "WANTED_ICONS", tmp_path / "icons.txt")
    with pytest.raises(Trouble, match="no-such-icon"):
        vendor.sprite(tmp_path)
