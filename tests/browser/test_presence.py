"""Colleagues see each other: dots, who looks at a conversation, who types in it."""

from playwright.sync_api import Locator, Page, expect

from conversations.actions import update_conversation
from conversations.queries import conversation_for
from tenancy.scope import tenant_scope
from tests.browser.conftest import Open
from tests.browser.test_board import card, is_live
from tests.browser.test_conversation import field, open_card
from tests.cast import Company
from tests.customers import writes

LATE = 15_000  # milliseconds that a tick, a grace or an expiry may take on a slow machine


def assignee(page: Page, name: str) -> Locator:
    return card(page, name).locator(".card-assignee")


def own_avatar(page: Page) -> Locator:
    return page.locator(".rail-me .avatar")


def choose(page: Page, name: str) -> None:
    page.locator(".rail-me").click()
    page.get_by_role("radio", name=name).click()
    expect(page.get_by_role("radio", name=name)).to_be_checked()
    page.keyboard.press("Escape")


def test_dots_show_what_colleagues_chose_and_when_they_go(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta")
    with tenant_scope(acme.tenant):
        update_conversation(conversation_for(acme.ana, conversation.pk), by=acme.ana, assignee=acme.caio)
    ana = enter("ana")
    is_live(ana)
    expect(own_avatar(ana)).to_have_attribute("data-presence", "online", timeout=LATE)
    expect(assignee(ana, "Marta")).to_have_attribute("data-presence", "offline", timeout=LATE)
    caio = enter("caio")
    is_live(caio)
    expect(assignee(ana, "Marta")).to_have_attribute("data-presence", "online", timeout=LATE)
    expect(assignee(ana, "Marta")).to_have_attribute("title", "Caio · Disponível")
    choose(caio, "Ocupado")
    for page in (ana, caio):
        expect(assignee(page, "Marta")).to_have_attribute("data-presence", "busy", timeout=LATE)
    caio.reload()
    is_live(caio)
    caio.locator(".rail-me").click()
    expect(caio.get_by_role("radio", name="Ocupado")).to_be_checked()
    # a new card has the dot as well
    with tenant_scope(acme.tenant):
        update_conversation(conversation_for(acme.ana, conversation.pk), by=acme.ana, priority=2)
    expect(card(ana, "Marta").locator(".card-priority")).to_be_visible(timeout=LATE)
    expect(assignee(ana, "Marta")).to_have_attribute("data-presence", "busy")
    caio.close()
    expect(assignee(ana, "Marta")).to_have_attribute("data-presence", "offline", timeout=2 * LATE)


def test_viewers_and_typing_are_seen_on_the_card_and_in_the_head(enter: Open, acme: Company) -> None:
    writes(acme, "Marta")
    board, ana, caio = enter("bruno"), enter("ana"), enter("caio")
    for page in (board, ana, caio):
        is_live(page)
    for page in (ana, caio):
        open_card(page, "Marta")
    head = ana.locator(".conversation-head")
    expect(head.locator(".viewer")).to_have_attribute("title", "Caio também está vendo", timeout=LATE)
    expect(card(board, "Marta").locator(".viewer")).to_have_count(2, timeout=LATE)

    field(caio).press_sequentially("Bom dia!")
    expect(head).to_contain_text("Caio está digitando…", timeout=LATE)
    expect(ana.locator(".composer-typing")).to_have_text("Caio está digitando…")
    expect(card(board, "Marta")).to_contain_text("Caio está digitando…", timeout=LATE)
    expect(caio.locator(".composer-typing")).to_be_empty()
    field(caio).press("Enter")
    for place in (head, card(board, "Marta")):
        expect(place).not_to_contain_text("digitando", timeout=LATE)

    field(caio).press_sequentially("E")  # and then nothing more
    expect(head).to_contain_text("Caio está digitando…", timeout=LATE)
    expect(head).not_to_contain_text("digitando", timeout=LATE)

    caio.go_back()
    expect(head.locator(".viewer")).to_have_count(0, timeout=LATE)
    expect(card(board, "Marta").locator(".viewer")).to_have_count(1, timeout=LATE)
    ana.close()
    expect(card(board, "Marta").locator(".viewer")).to_have_count(0, timeout=2 * LATE)


def test_page_that_nobody_uses_says_away(enter: Open, acme: Company) -> None:
    page = enter("ana")
    is_live(page)
    expect(own_avatar(page)).to_have_attribute("data-presence", "online", timeout=LATE)
    page.clock.install()
    page.reload()
    is_live(page)
    page.clock.fast_forward(10 * 60 * 1000)
    expect(own_avatar(page)).to_have_attribute("data-presence", "away", timeout=LATE)
    page.mouse.move(200, 200)
    expect(own_avatar(page)).to_have_attribute("data-presence", "online", timeout=LATE)
