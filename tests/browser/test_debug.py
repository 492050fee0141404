"""The page that looks into a socket: what it shows is what passes, and what it sends arrives."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.cast import Company
from tests.customers import writes
from tests.realtime.client import token


def lines(page: Page, text: str) -> Locator:
    return page.locator("#debug-lines > li:visible", has=page.locator(f'[data-type]:text-is("{text}")'))


def is_live(page: Page) -> None:
    expect(page.locator("#debug-state")).to_have_attribute("data-state", "live", timeout=30_000)


def test_admin_joins_sends_and_reads_what_passes(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    page = enter("bruno", "/debug/socket/")
    is_live(page)
    expect(page.locator("#debug-rooms code")).to_have_text(["tenant", f"user:{acme.bruno.pk}"])
    page.locator("#debug-join input").fill(str(conversation.pk))
    page.get_by_role("button", name="Entrar").click()
    expect(page.locator("#debug-rooms li", has_text=f"conversation:{conversation.pk}")).to_contain_text("Marta")

    page.locator("#debug-command select").select_option("conversation:get")
    expect(page.locator("#debug-command textarea")).to_have_value(re.compile(str(conversation.pk)))
    page.get_by_role("button", name="Enviar").click()
    expect(lines(page, "conversation:get")).to_have_count(2)
    lines(page, "conversation:get").first.locator("summary").click()
    expect(lines(page, "conversation:get").first.locator("pre")).to_contain_text('"title": "Marta"')

    page.locator("#debug-command textarea").fill("{")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator("#debug-command [role=alert]")).to_contain_text("Isto não é um objeto JSON")


def test_log_is_filtered_and_waits_while_paused(enter: Open, acme: Company) -> None:
    page = enter("bruno", "/debug/socket/")
    is_live(page)
    page.locator("#debug-pause").click()
    writes(acme, "Marta", "Oi!")
    expect(page.locator("#debug-pause [data-waiting]")).to_be_visible()
    expect(lines(page, "message:new")).to_have_count(0)
    page.locator("#debug-pause").click()
    expect(lines(page, "message:new")).to_have_count(1)
    page.locator("#debug-filter").fill("message:new -conversation:new")
    expect(page.locator("#debug-lines > li:visible")).to_have_count(1)
    page.locator("#debug-filter").fill("")
    page.get_by_role("checkbox", name="Eventos").uncheck()
    expect(lines(page, "message:new")).to_have_count(0)


def test_agents_are_refused_and_their_tokens_can_be_looked_through(enter: Open, acme: Company) -> None:
    assert enter("ana", "/debug/socket/").locator("#debug-state").count() == 0
    page = enter("bruno", "/debug/socket/")
    is_live(page)
    page.locator("#debug-connect input[name=token]").fill(token(acme.ana))
    page.get_by_role("button", name="Conectar", exact=True).click()
    expect(page.locator("[data-fact=person]")).to_have_text("Ana (AGENT)")
