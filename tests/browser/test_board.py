"""The board in a browser: cards that come and move, by mouse, menu, keys and other people's hands."""

import re

from playwright.sync_api import FloatRect, Locator, Page, expect

from conversations.models import Conversation
from kanban.actions import move_card
from tenancy.scope import tenant_scope
from tests.browser.conftest import Open
from tests.cast import Company
from tests.customers import newest_message, writes

NEW, WORKING, WAITING, DONE = range(4)


def column(page: Page, place: int) -> Locator:
    return page.locator(".column").nth(place)


def card(page: Page, name: str) -> Locator:
    return page.locator(".card", has_text=name)


def names(page: Page, place: int) -> list[str]:
    return column(page, place).locator(".card-link").all_inner_texts()


def is_live(page: Page) -> None:
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")


def stored_order(company: Company, place: int) -> list[str]:
    with tenant_scope(company.tenant):
        cards = Conversation.objects.filter(column=company.columns[place]).order_by("rank", "id")
        return [card.display_title for card in cards.select_related("contact")]


def test_customer_who_writes_appears_on_every_board(enter: Open, acme: Company) -> None:
    ana, bruno = enter("ana"), enter("bruno")
    for page in (ana, bruno):
        is_live(page)
        expect(column(page, NEW).locator(".column-empty")).to_be_visible()
    writes(acme, "Marta Vieira", "Cadê meu pedido?")
    for page in (ana, bruno):
        expect(column(page, NEW)).to_contain_text("Cadê meu pedido?")
        expect(column(page, NEW).locator("[data-count]")).to_have_text("1")
        expect(column(page, NEW).locator(".column-empty")).to_be_hidden()


def test_card_is_dragged_and_everybody_follows_and_it_can_be_undone(enter: Open, acme: Company) -> None:
    for name in ("Caio", "Bia", "Alice"):
        writes(acme, name)
    ana, bruno = enter("ana"), enter("bruno")
    is_live(ana)
    is_live(bruno)
    drag(ana, card(ana, "Bia"), column(ana, WAITING))
    expect(column(ana, WAITING)).to_contain_text("Bia")
    expect(column(bruno, WAITING)).to_contain_text("Bia")
    expect(column(bruno, NEW).locator("[data-count]")).to_have_text("2")
    assert "/conversations/" not in ana.url, "a drag is not a click"

    ana.get_by_role("button", name="Desfazer").click()
    expect(column(bruno, NEW).locator(".card-link")).to_have_text(["Alice", "Bia", "Caio"])
    assert stored_order(acme, NEW) == ["Alice", "Bia", "Caio"]


def drag(page: Page, what: Locator, where: Locator) -> None:
    start, end = grasp(page, what), where.bounding_box()
    assert end
    page.mouse.move(start["x"] + 90, start["y"] + 30, steps=4)
    page.mouse.move(end["x"] + 100, end["y"] + 160, steps=12)
    expect(where.locator(".card-ghost")).to_be_visible()
    page.mouse.up()


def grasp(page: Page, what: Locator) -> FloatRect:
    """Where it stands once it glides no more, with the mouse down on it."""
    what.hover(position={"x": 60, "y": 20})
    box = what.bounding_box()
    assert box
    page.mouse.down()
    return box


def lift(page: Page, name: str) -> None:
    """Over the second column, where the mouse stays down."""
    grasp(page, card(page, name))
    end = column(page, WORKING).bounding_box()
    assert end
    page.mouse.move(end["x"] + 80, end["y"] + 120, steps=10)
    expect(column(page, WORKING).locator(".card-ghost")).to_be_visible()


def test_escape_puts_back_what_is_dragged(enter: Open, acme: Company) -> None:
    for name in ("Caio", "Bia", "Alice"):
        writes(acme, name)
    page = enter()
    is_live(page)
    lift(page, "Bia")
    page.keyboard.press("Escape")
    expect(column(page, NEW).locator(".card-link")).to_have_text(["Alice", "Bia", "Caio"])
    page.mouse.up()
    lift(page, "Alice")
    page.mouse.up()
    expect(page.locator(".toast")).to_have_text(re.compile("Alice foi para Em atendimento"))  # the only note
    expect(column(page, NEW).locator(".card-link")).to_have_text(["Bia", "Caio"])


def test_move_that_does_not_get_through_is_put_back(enter: Open, acme: Company) -> None:
    for name in ("Bia", "Alice"):
        writes(acme, name)
    page = enter()
    is_live(page)
    page.evaluate("window.isTheSame = true")
    page.evaluate("import('/static/js/server.js').then(({socket}) => socket.disconnect())")
    page.route(re.compile("/move/|/fragments/"), lambda route: route.abort())
    page.get_by_role("link", name="Bia").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".toast")).to_contain_text("Bia ficou onde estava")
    expect(column(page, NEW).locator(".card-link")).to_have_text(["Alice", "Bia"])
    assert page.evaluate("window.isTheSame")


def test_events_wait_while_somebody_drags(enter: Open, acme: Company) -> None:
    for name in ("Bia", "Alice"):
        writes(acme, name)
    page = enter()
    is_live(page)
    lift(page, "Bia")
    writes(acme, "Dora")
    writes(acme, "Bia", "Ainda aí?")
    page.evaluate("() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")
    assert "Dora" not in names(page, NEW)
    page.mouse.up()
    expect(column(page, NEW)).to_contain_text("Dora")
    expect(column(page, WORKING)).to_contain_text("Ainda aí?")
    expect(card(page, "Bia")).to_have_count(1)


def test_card_moves_by_its_menu(enter: Open, acme: Company) -> None:
    writes(acme, "Marta")
    page = enter()
    is_live(page)
    card(page, "Marta").hover()
    page.get_by_role("button", name="Mover Marta").click()
    expect(page.get_by_role("menuitem", name="Novas")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(column(page, WORKING)).to_contain_text("Marta")
    expect(page.locator(".toast")).to_contain_text("Marta foi para Em atendimento.")


def test_menu_gives_back_the_focus_and_who_has_it_is_taken_back(enter: Open, acme: Company) -> None:
    writes(acme, "Marta")
    page = enter()
    is_live(page)
    card(page, "Marta").get_by_role("button", name="Mover Marta").press("Enter")
    expect(page.get_by_role("menu", name="Mover para")).to_be_visible()
    writes(acme, "Marta", "De novo")  # and another card stands there
    expect(card(page, "Marta")).to_contain_text("De novo")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(column(page, WORKING)).to_contain_text("Marta")
    expect(card(page, "Marta").get_by_role("button", name="Mover Marta")).to_be_focused()
    page.keyboard.press("m")
    undo = page.locator(".toast", has_text="Marta agora está com Ana").get_by_role("button", name="Desfazer")
    expect(card(page, "Marta").locator("[data-mine]")).to_be_visible()
    undo.press("Enter")
    expect(card(page, "Marta").locator(".card-assignee")).to_have_count(0)


def test_board_is_worked_by_keys_and_says_what_happens(enter: Open, acme: Company) -> None:
    for name in ("Caio", "Bia", "Alice"):
        writes(acme, name)
    page = enter()
    is_live(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Bia")).to_be_focused()
    page.keyboard.press("Shift+ArrowUp")
    expect(column(page, NEW).locator(".card-link")).to_have_text(["Bia", "Alice", "Caio"])
    expect(page.locator("#spoken")).to_have_text("Bia foi para Novas, posição 1 de 3.")
    page.keyboard.press("Shift+ArrowRight")
    expect(column(page, WORKING)).to_contain_text("Bia")
    expect(page.get_by_role("link", name="Bia")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name="Alice")).to_be_focused()
    page.keyboard.press("m")
    expect(card(page, "Alice").locator("[data-mine]")).to_be_visible()
    page.keyboard.press("e")
    expect(column(page, DONE)).to_contain_text("Alice")


def test_focus_stays_on_a_card_that_others_change(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta")
    page = enter()
    is_live(page)
    page.keyboard.press("ArrowDown")
    with tenant_scope(acme.tenant):
        move_card(conversation, by=acme.bruno, column_id=acme.columns[WAITING].pk)
    expect(column(page, WAITING)).to_contain_text("Marta")
    expect(page.get_by_role("link", name="Marta")).to_be_focused()


def test_refused_move_goes_back_and_says_why(enter: Open, acme: Company) -> None:
    first = writes(acme, "Marta")
    with tenant_scope(acme.tenant):
        move_card(first, by=acme.ana, column_id=acme.columns[DONE].pk)
    writes(acme, "Marta", "Mais uma coisa")
    page = enter()
    is_live(page)
    column(page, DONE).locator(".card").hover()
    column(page, DONE).get_by_role("button", name="Mover Marta").click()
    page.get_by_role("menuitem", name="Em atendimento").click()
    expect(page.locator(".toast")).to_contain_text("Este cliente já tem outra conversa aberta.")
    expect(column(page, DONE)).to_contain_text("Marta")
    expect(column(page, WORKING)).not_to_contain_text("Marta")


def test_view_lets_cards_in_and_out_as_they_are_assigned(enter: Open, acme: Company) -> None:
    writes(acme, "Marta")
    page = enter(path="/?view=unassigned")
    is_live(page)
    expect(column(page, NEW).locator("[data-count]")).to_have_text("1 de 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    expect(column(page, NEW).locator(".card")).to_have_count(0)
    expect(column(page, NEW).locator("[data-count]")).to_have_text("0 de 1")


def test_column_grows_as_it_is_scrolled(enter: Open, acme: Company) -> None:
    for number in range(33):
        writes(acme, f"Cliente {number:02d}")
    page = enter(viewport={"width": 1440, "height": 500})
    cards = column(page, NEW).locator(".card")
    expect(cards).to_have_count(30)
    cards.last.scroll_into_view_if_needed()
    expect(cards).to_have_count(33)
    expect(cards.last).to_contain_text("Cliente 00")


def test_page_that_was_offline_catches_up(enter: Open, acme: Company) -> None:
    writes(acme, "Marta")
    page = enter()
    is_live(page)
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    conversation = writes(acme, "Dora", "Escrevi enquanto você estava fora")
    with tenant_scope(acme.tenant):
        move_card(conversation, by=acme.bruno, column_id=acme.columns[WORKING].pk)
    page.context.set_offline(False)
    is_live(page)
    expect(column(page, WORKING)).to_contain_text("Escrevi enquanto")
    expect(column(page, WORKING).locator("[data-count]")).to_have_text(re.compile("^1$"))


def test_page_without_socket_asks_every_30_seconds_and_says_so(enter: Open, acme: Company) -> None:
    page = enter("ana", "/nowhere/")
    page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close())
    page.clock.install()
    page.goto("/")
    expect(page.locator("#connection")).to_have_attribute("data-state", "polling")
    expect(page.locator("#connection")).to_contain_text("A cada 30 s")
    conversation = writes(acme, "Marta", "Cadê meu pedido?")
    page.clock.fast_forward(31_000)
    expect(column(page, NEW)).to_contain_text("Cadê meu pedido?")
    card(page, "Marta").click()
    page.get_by_role("textbox", name="Mensagem").fill("Bom dia!")
    page.keyboard.press("Enter")
    expect(page.locator(".message").last).to_have_attribute("data-version", "1")
    assert newest_message(acme, conversation).content == "Bom dia!"
