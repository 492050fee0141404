"""What every answer carries."""

import re
from pathlib import Path

from django.test import Client

from tests.cast import Company
from tests.customers import writes

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)")


def test_pages_forbid_inline_scripts_and_styles(client: Client, db: None) -> None:
    policy = client.get("/sign-in/")["Content-Security-Policy"]
    allowed = dict(directive.split(" ", 1) for directive in policy.split("; "))
    for kind in ("script-src", "style-src", "connect-src", "form-action"):
        assert allowed[kind] == "'self'"
    for kind in ("default-src", "frame-ancestors", "base-uri"):
        assert allowed[kind] == "'none'"
    assert "unsafe" not in policy


def test_addresses_are_told_to_nobody_else(client: Client, db: None) -> None:
    assert client.get("/sign-in/")["Referrer-Policy"] == "same-origin"


def test_templates_hold_no_inline_scripts_and_styles() -> None:
    found = [path.name for path in TEMPLATES.rglob("*.html") if INLINE.search(path.read_text("utf-8"))]
    assert found == []


def test_board_with_a_conversation_needs_no_exception(client: Client, acme: Company) -> None:
    conversation = writes(acme)
    client.force_login(acme.ana)
    page = client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert INLINE.search(page) is None
