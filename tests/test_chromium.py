"""Tests that need a browser do not pass for want of one."""

import pytest

from tests import chromium


def test_missing_chromium_fails_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHROMIUM", "RECADO_SKIP_BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        chromium.chromium()


def test_whoever_wants_goes_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECADO_SKIP_BROWSER", "1")
    with pytest.raises(pytest.skip.Exception):
        chromium.chromium()
