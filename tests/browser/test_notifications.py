"""What concerns somebody reaches them where they look elsewhere: one tab speaks, and what was read is gone."""

from typing import Any

from playwright.sync_api import Page, expect

from conversations.actions import mark_read, open_direct, update_conversation, write_message
from conversations.models import Conversation
from tenancy.scope import tenant_scope
from tests.browser.conftest import Open
from tests.browser.test_board import is_live
from tests.cast import Company
from tests.customers import writes
from tests.waiting import eventually

LISTENING = """
    window.notified = [];
    window.Notification = class extends window.Notification {
        constructor(title, options) {
            super(title, options);
            window.notified.push({ title, body: options.body, open: true, click: () => this.onclick() });
            this.place = window.notified.length - 1;
        }
        close() {
            window.notified[this.place].open = false;
            super.close();
        }
    };
"""
"""Chromium's own notifications, written down: a page cannot ask which are on the desktop."""


def listens(page: Page) -> Page:
    page.add_init_script(LISTENING)
    page.reload()
    is_live(page)
    return page


def notified(*pages: Page, are_open: bool = True) -> list[tuple[str, str]]:
    """What is on the desktop, by whichever tab."""
    everything: list[dict[str, Any]] = [
        each for page in pages for each in page.evaluate("notified.map(({title, body, open}) => ({title, body, open}))")
    ]
    return [(each["title"], each["body"]) for each in everything if each["open"] == are_open]


def gives(company: Company, conversation: Conversation, name: str) -> None:
    with tenant_scope(company.tenant):
        update_conversation(conversation, by=company.caio, assignee=company.people[name])


def test_bell_asks_once_and_tells_how_it_stands(enter: Open, acme: Company) -> None:
    page = enter(permissions=["notifications"])
    bell = page.get_by_role("button", name="Notificações e som")
    expect(bell).to_have_attribute("aria-pressed", "false")
    bell.click()
    expect(bell).to_have_attribute("data-state", "on")
    page.reload()
    expect(bell).to_have_attribute("data-state", "on")
    page.context.clear_permissions()
    page.reload()
    expect(bell).to_have_attribute("data-state", "sound")
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "false")


def test_one_tab_notifies_until_it_was_read(enter: Open, acme: Company) -> None:
    marta, dora = writes(acme, "Marta", "Oi!"), writes(acme, "Dora", "Bom dia")
    page = listens(enter(path=f"/conversations/{dora.pk}/", permissions=["notifications"]))
    page.get_by_role("button", name="Notificações e som").click()
    other = page.context.new_page()
    other.goto("/team/")
    listens(other)

    gives(acme, marta, "ana")
    eventually(lambda: notified(page, other) == [("Marta", "Caio passou esta conversa para você.")])
    writes(acme, "Marta", "Alguém aí?")
    eventually(lambda: notified(page, other) == [("Marta", "Alguém aí?")])
    for tab in (page, other):
        eventually(lambda tab=tab: tab.title().startswith("(1) "))  # type: ignore[misc]
    assert "news" in (page.locator("link[rel=icon]").get_attribute("href") or "")

    with tenant_scope(acme.tenant):
        mark_read(marta, by=acme.caio)
    eventually(lambda: notified(page, other) == [])
    for tab in (page, other):
        eventually(lambda tab=tab: not tab.title().startswith("("))  # type: ignore[misc]


def test_what_is_looked_at_is_no_news_and_a_click_leads_to_the_rest(enter: Open, acme: Company) -> None:
    marta, dora = writes(acme, "Marta", "Oi!"), writes(acme, "Dora", "Bom dia")
    gives(acme, marta, "ana")
    gives(acme, dora, "ana")
    page = listens(enter(path=f"/conversations/{dora.pk}/", permissions=["notifications"]))
    page.get_by_role("button", name="Notificações e som").click()
    writes(acme, "Dora", "Você está vendo isto")
    writes(acme, "Marta", "E isto não")
    eventually(lambda: notified(page) == [("Marta", "E isto não")])
    page.evaluate("notified.at(-1).click()")
    expect(page.locator("[data-thread]")).to_contain_text("E isto não")
    assert page.url.endswith(f"/conversations/{marta.pk}/")
    eventually(lambda: notified(page) == [] and page.title() == "Marta · Recado")
    with tenant_scope(acme.tenant):
        chat = open_direct(by=acme.caio, colleague=acme.ana)
        write_message(chat, by=acme.caio, content="Pode olhar?")
    writes(acme, "Nova cliente", "Olá")
    eventually(lambda: set(notified(page)) == {("Caio", "Pode olhar?"), ("Nova cliente", "Olá")})
    eventually(lambda: page.title().startswith("(2) "))
