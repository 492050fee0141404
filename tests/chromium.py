"""Where Chromium is. Without one its tests fail: nobody notices tests that are skipped."""

import os
import shutil

import pytest

MISSING = (
    "There is no Chromium on this machine: apt-get install chromium, or set CHROMIUM to the path of one."
    " RECADO_SKIP_BROWSER=1 goes without the tests that need it."
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """Its path. Fails the test that asks when there is none; skips it if RECADO_SKIP_BROWSER is 1."""
    if os.environ.get("RECADO_SKIP_BROWSER") == "1":
        pytest.skip("RECADO_SKIP_BROWSER is 1")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    return found or pytest.fail(MISSING, pytrace=False)
