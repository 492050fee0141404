"""What agents see, in real browsers: the main path, two agents at once, a cut network; and every screen is true."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import chromium
from tests.flows.cable import Cable
from tests.stack import PASSWORD, Stack
from tests.waiting import eventually

pytestmark = [pytest.mark.flow, pytest.mark.browser, pytest.mark.timeout(180)]

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 20_000  # milliseconds
# What cards or messages say, list by list, without what differs at every look: clocks, focus, animation.
SHOWN = """selector => [...new Set([...document.querySelectorAll(selector)].map(each => each.parentElement))]
  .map(list =>
  [...list.querySelectorAll(selector)].map(each => {
    const copy = each.cloneNode(true);
    for (const clock of copy.querySelectorAll("time, .card-time, .ring")) clock.textContent = "";
    for (const part of [copy, ...copy.querySelectorAll("*")]) {
      for (const name of ["class", "style", "tabindex", "aria-current", "aria-expanded", "data-selected", "data-open"])
        part.removeAttribute(name);
      // a script adds some in another order than the server
      for (const {name, value} of [...part.attributes].sort((a, b) => a.name.localeCompare(b.name))) {
        part.removeAttribute(name);
        part.setAttribute(name, value);
      }
    }
    return copy.outerHTML.replace(/\\s+/g, " ");
  }))"""
_COLUMN_OF = """
SELECT k.name FROM conversations_conversation c
JOIN kanban_column k ON k.id = c.column_id JOIN conversations_contact p ON p.id = c.contact_id WHERE p.phone = %s
"""
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_board(browser: Browser, stack: Stack) -> Iterator[Open]:
    """Sign somebody in and wait until their board is live; a page that reports an error fails the test."""
    errors: list[str] = []
    contexts = []

    def sign_in(email: str, url: str = "", **context: Any) -> Page:
        contexts.append(
            browser.new_context(**{"locale": "pt-BR", "viewport": {"width": 1440, "height": 900}, **context})
        )
        page: Page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{url or stack.url}/")
        page.fill("input[name=username]:visible", email)
        page.fill("input[name=password]:visible", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#board")
        is_live(page)
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert errors == []


def is_live(page: Page) -> None:
    expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=PATIENCE)


def card(page: Page, text: str) -> Any:
    return page.locator(".card", has_text=text)


def test_main_path_on_two_boards(stack: Stack, phone: str, open_board: Open) -> None:
    ana, caio = open_board("ana@acme.test"), open_board("caio@acme.test", locale="en-US")
    name = f"Cliente {phone[-4:]}"
    stack.meta.say({"wa_id": phone, "name": name}, "Bom dia, tudo bem?")
    for page in (ana, caio):
        expect(card(page, name)).to_contain_text("Bom dia, tudo bem?", timeout=PATIENCE)

    card(ana, name).locator("a").first.click()
    expect(ana).to_have_url(re.compile("/conversations/"))
    stack.meta.behave(phone, outcome="read", sent_ms=100, delivered_ms=250, read_ms=500)
    composer = ana.locator("[data-composer] textarea")
    expect(composer).to_be_focused()
    composer.fill("Tudo ótimo! Como posso ajudar?")
    composer.press("Enter")
    bubble = ana.locator(".message", has_text="Como posso ajudar?")
    expect(bubble).to_be_visible(timeout=1_000)  # at once, before any server has answered
    expect(bubble).to_have_attribute("data-status", "READ", timeout=PATIENCE)
    expect(bubble).to_have_count(1)
    expect(card(caio, name)).to_contain_text("Como posso ajudar?", timeout=PATIENCE)
    assert stack.meta.received(phone) == ["Tudo ótimo! Como posso ajudar?"]

    stack.meta.say(phone, "Quero uma luminária")
    expect(ana.locator(".message", has_text="Quero uma luminária")).to_be_visible(timeout=PATIENCE)
    ana.go_back()
    expect(ana).to_have_url(re.compile(r"/$"))
    same_as_a_fresh_page(caio, open_board, "caio@acme.test", locale="en-US")


def test_card_moved_by_mouse_follows_on_every_board(stack: Stack, phone: str, open_board: Open) -> None:
    ana, caio = open_board("ana@acme.test"), open_board("caio@acme.test")
    name = f"Arrasta {phone[-4:]}"
    stack.meta.say({"wa_id": phone, "name": name}, "oi")
    expect(card(ana, name)).to_be_visible(timeout=PATIENCE)
    expect(card(caio, name)).to_be_visible(timeout=PATIENCE)
    target = ana.locator(".column").nth(1)
    before = target.locator("[data-count]").inner_text()
    card(ana, name).hover()  # waits until nothing glides any more
    source_box, target_box = card(ana, name).bounding_box(), target.locator("[data-cards]").bounding_box()
    assert source_box
    assert target_box
    ana.mouse.move(source_box["x"] + 80, source_box["y"] + 20)
    ana.mouse.down()
    for step in range(1, 11):
        share = step / 10
        ana.mouse.move(
            source_box["x"] + 80 + (target_box["x"] + 60 - source_box["x"] - 80) * share,
            source_box["y"] + 20 + (target_box["y"] + 40 - source_box["y"] - 20) * share,
        )
    expect(target.locator(".card", has_text=name)).to_be_visible(timeout=PATIENCE)  # it lies there before it is let go
    ana.mouse.up()
    for page in (ana, caio):
        column = page.locator(".column").nth(1)
        expect(column.locator(".card", has_text=name)).to_be_visible(timeout=PATIENCE)
        expect(column.locator("[data-count]")).not_to_have_text(before, timeout=PATIENCE)
    moved = stack.sql(_COLUMN_OF, phone)
    assert moved == [("Em atendimento",)]
    same_as_a_fresh_page(caio, open_board, "caio@acme.test")


def test_card_moved_by_keyboard_and_by_menu(stack: Stack, phone: str, open_board: Open) -> None:
    ana = open_board("ana@acme.test")
    name = f"Teclado {phone[-4:]}"
    stack.meta.say({"wa_id": phone, "name": name}, "oi")
    expect(card(ana, name)).to_be_visible(timeout=PATIENCE)
    card(ana, name).locator("a").first.focus()
    ana.keyboard.press("Shift+ArrowRight")
    expect(ana.locator(".column").nth(1).locator(".card", has_text=name)).to_be_visible(timeout=PATIENCE)
    card(ana, name).hover()
    card(ana, name).locator("[data-move-menu]").click()
    ana.get_by_role("menuitem", name="Aguardando cliente").or_(
        ana.get_by_role("menuitemradio", name="Aguardando cliente")
    ).first.click()
    expect(ana.locator(".column").nth(2).locator(".card", has_text=name)).to_be_visible(timeout=PATIENCE)


def test_network_cut_for_ten_seconds_and_nothing_is_missing(stack: Stack, phone: str, open_board: Open) -> None:
    with Cable(stack.port) as cable:
        page = open_board("ana@acme.test", f"http://127.0.0.1:{cable.port}")
        name = f"Cabo {phone[-4:]}"
        stack.meta.say({"wa_id": phone, "name": name}, "antes")
        expect(card(page, name)).to_contain_text("antes", timeout=PATIENCE)
        card(page, name).locator("a").first.click()
        expect(page.locator(".message", has_text="antes")).to_be_visible()
        cable.cut()
        expect(page.locator("#connection")).not_to_have_attribute("data-state", "live", timeout=PATIENCE)
        composer = page.locator("[data-composer] textarea")
        composer.fill("escrito sem rede")
        composer.press("Enter")
        expect(page.locator(".message", has_text="escrito sem rede")).to_be_visible()
        for turn in range(5):
            stack.meta.say(phone, f"durante {turn}")
        page.wait_for_timeout(10_000)  # the outage itself, not a wait for a condition
        cable.mend()
        is_live(page)
        for turn in range(5):
            expect(page.locator(".message", has_text=f"durante {turn}")).to_have_count(1, timeout=PATIENCE)
        sent = page.locator(".message", has_text="escrito sem rede")
        expect(sent).to_have_attribute("data-status", re.compile("SENT|DELIVERED|READ"), timeout=PATIENCE)
        expect(sent).to_have_count(1)
        eventually(lambda: stack.meta.received(phone) == ["escrito sem rede"])
        same_as_a_fresh_page(
            page, open_board, "ana@acme.test", ".message", page.url.replace(str(cable.port), str(stack.port))
        )
        same_as_a_fresh_page(page, open_board, "ana@acme.test")


def same_as_a_fresh_page(
    page: Page, open_board: Open, email: str, selector: str = ".card", url: str = "", **context: Any
) -> None:
    """First paint and all the frames since show what a page opened now shows."""
    fresh = open_board(email, **context)
    if url:
        fresh.goto(url)
        fresh.wait_for_selector(selector)
    eventually(lambda: _agree(page.evaluate(SHOWN, selector), fresh.evaluate(SHOWN, selector)))
    fresh.close()


def _agree(live: list[list[str]], new: list[list[str]]) -> bool:
    """List by list, as far as both have loaded: a page that has been open longer may show more of a long column."""
    assert len(live) == len(new)
    for one, other in zip(live, new, strict=True):
        for shown, expected in zip(one, other, strict=False):
            at = next((place for place, (a, b) in enumerate(zip(shown, expected, strict=False)) if a != b), 0)
            assert shown[at : at + 200] == expected[at : at + 200]
    return True
