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
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


def test_templates_hold_no_inline_scripts_and_styles() -> None:
    found = [path.name for path in TEMPLATES.rglob("*.html") if INLINE.search(path.read_text("utf-8"))]
    assert found == []


def test_board_with_a_conversation_needs_no_exception(client: Client, acme: Company) -> None:
    conversation = writes(acme)
    client.force_login(acme.ana)
    page = client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert INLINE.search(page) is None
