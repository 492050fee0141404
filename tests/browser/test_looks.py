"""What everybody gets: both themes, both languages, phones, keys and screen readers."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_board import card, column, is_live
from tests.cast import Company
from tests.customers import writes

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def complaints(page: Page) -> list[str]:
    """What axe-core finds serious or critical."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document).then((result) => result.violations)")
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_pages_are_for_everybody(enter: Open, acme: Company, scheme: str, screen: dict[str, Any]) -> None:
    conversation = writes(acme, "Marta", "Oi!", "Tudo bem?")
    options = {**screen, "color_scheme": scheme, "bypass_csp": True, "reduced_motion": "reduce"}
    assert complaints(enter("", "/sign-in/", **options)) == []
    page = enter("ana", **options)
    is_live(page)
    assert complaints(page) == []
    page.locator(".rail-me").click()
    assert complaints(page) == []
    page.goto(f"/conversations/{conversation.pk}/")
    is_live(page)
    assert complaints(page) == []
    page.goto("/account/")
    is_live(page)
    assert complaints(page) == []
    page.goto("/nowhere/")
    assert complaints(page) == []


def test_language_is_chosen_in_the_menu(enter: Open, acme: Company) -> None:
    writes(acme, "Marta")
    page = enter()
    page.locator(".rail-me").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Unassigned")).to_be_visible()
    is_live(page)
    writes(acme, "Dora")
    expect(page.get_by_role("button", name="Move Dora")).to_be_attached()


def test_theme_is_chosen_and_kept_before_the_first_paint(enter: Open, acme: Company) -> None:
    page = enter(color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".rail-me").click()
    page.get_by_role("button", name="Escuro").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_phone_shows_one_column_and_a_conversation_takes_the_page(enter: Open, acme: Company) -> None:
    writes(acme, "Marta", "Oi!")
    page = enter(**PHONE)
    is_live(page)
    box = column(page, 0).bounding_box()
    assert box
    assert 320 < box["width"] <= 390
    assert page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [390, 390]
    card(page, "Marta").tap()
    expect(page.locator("[data-thread]")).to_be_visible()
    panel = page.locator("#panel").bounding_box()
    assert panel == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name="Fechar a conversa").tap()
    expect(card(page, "Marta")).to_be_visible()


def test_phone_has_room_for_all_that_an_administrator_may_open(enter: Open, acme: Company) -> None:
    acme.people["bruno"].is_staff = True
    acme.people["bruno"].save(update_fields=["is_staff"])
    page = enter("bruno", "/debug/socket/", **{**PHONE, "viewport": {"width": 320, "height": 640}})
    expect(page.get_by_role("navigation", name="Principal").get_by_role("listitem")).to_have_count(3)
    expect(page.locator(".rail-me")).to_be_in_viewport(ratio=1)
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [320, 640]


def test_phone_moves_a_card_in_two_taps(enter: Open, acme: Company) -> None:
    writes(acme, "Marta")
    page = enter(**PHONE)
    is_live(page)
    page.get_by_role("button", name="Mover Marta").tap()
    page.get_by_role("menuitem", name="Em atendimento").tap()
    expect(column(page, 1)).to_contain_text("Marta")


def test_page_works_without_script(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    page = enter(path=f"/conversations/{conversation.pk}/", java_script_enabled=False)
    page.get_by_role("textbox", name="Mensagem").fill("Bom dia")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator(".message").last).to_contain_text("Bom dia")


def test_page_that_is_not_there_shows_a_way_out(enter: Open, acme: Company) -> None:
    page = enter(path="/conversations/0192d0f1-7c5e-7c5e-8c5e-7c5e7c5e7c5e/")
    expect(page.get_by_role("heading")).to_have_text("Não há nada aqui para você")
    page.get_by_role("link", name="Ir para o quadro").click()
    expect(page.locator("#board")).to_be_visible()
