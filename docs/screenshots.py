# ruff: noqa: INP001, T201 - a script that talks to a terminal, imported by nobody
"""Takes the README's pictures from a running demo: `.venv/bin/python docs/screenshots.py`, with `make run` beside it.

Fresh demo data (`make reset`) gives the same pictures but for the avatars' colours. CHROMIUM names the browser, the
first argument the site. Without a font that has emojis (Debian: fonts-noto-color-emoji) they are boxes.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

SITE = "http://127.0.0.1:8000"
IMAGES = Path(__file__).parent / "images"
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
MOST_BYTES = 300_000
CUSTOMER = "Thaís Yamamoto"


def main() -> None:
    site = sys.argv[1] if len(sys.argv) > 1 else SITE
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with _signed_in(browser, site, DESK, "light") as page:
            _take(page, "board")
            _open_conversation(page)
            _take(page, "conversation")
        with _signed_in(browser, site, PHONE, "dark") as page:
            _open_conversation(page)
            _take(page, "phone")
        browser.close()


@contextmanager
def _signed_in(browser: Browser, site: str, size: ViewportSize, scheme: Literal["light", "dark"]) -> Iterator[Page]:
    context = browser.new_context(
        viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="pt-BR", timezone_id=_where_it_is_ten()
    )
    page = context.new_page()
    page.goto(site)
    page.fill("input[name=username]:visible", "ana@acme.test")
    page.fill("input[name=password]:visible", "recado-demo")
    page.keyboard.press("Enter")
    page.wait_for_selector("#connection[data-state=live]")
    yield page
    context.close()


def _where_it_is_ten() -> str:
    """A time zone in which it is between ten and eleven in the morning. Their names count westwards."""
    eastwards = (10 - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-eastwards:+}"


def _open_conversation(page: Page) -> None:
    page.get_by_role("link", name=CUSTOMER).first.click()
    page.wait_for_selector("#panel .message")
    page.mouse.move(0, 0)  # a hovered card looks different


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_function("[...document.querySelectorAll('#panel img')].every((each) => each.naturalWidth)")
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path}: {size // 1000} KB")
    if size > MOST_BYTES:
        sys.exit(f"{path} has more than {MOST_BYTES // 1000} KB: take less into the picture.")


if __name__ == "__main__":
    main()
