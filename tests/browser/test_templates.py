"""Outside the 24-hour window: the composer is the template picker."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from conversations.models import Conversation, Message
from tenancy.scope import tenant_scope
from tests.browser.conftest import Open
from tests.browser.test_conversation import bubbles, field
from tests.browser.test_looks import complaints
from tests.cast import Company
from tests.customers import newest_message, writes
from tests.waiting import eventually
from whatsapp.models import Template
from whatsapp.payloads import TemplatePart
from whatsapp.templates import store

TEXTS = {
    "retomar_atendimento": "Olá, {{1}}! Podemos continuar o seu atendimento?",
    "pedido_enviado": "Oi, {{1}}. O seu pedido {{2}} saiu para entrega. Até já, {{1}}!",
}


def have_templates(company: Company) -> None:
    parts = [
        TemplatePart(name, "pt_BR", status="APPROVED", components=[{"type": "BODY", "text": text}])
        for name, text in TEXTS.items()
    ]
    with tenant_scope(company.tenant):
        store(company.number.waba_id, parts)


def wrote_long_ago(company: Company) -> Conversation:
    return writes(company, "Marta", "Oi!", at=timezone.now() - timedelta(hours=30))


def picker(page: Page) -> Locator:
    return page.get_by_role("region", name="Modelos")


def chosen(page: Page, title: str) -> Locator:
    """The form of a template that has been opened."""
    return picker(page).locator("details", has=page.get_by_text(title, exact=True))


def test_template_is_chosen_and_sent_by_keyboard_when_the_window_is_closed(enter: Open, acme: Company) -> None:
    have_templates(acme)
    conversation = wrote_long_ago(acme)
    page = enter(path=f"/conversations/{conversation.pk}/", bypass_csp=True)
    search = picker(page).get_by_role("searchbox")
    expect(search).to_be_focused()
    expect(field(page)).to_be_hidden()
    expect(picker(page).locator("summary")).to_have_count(2)
    assert complaints(page) == []
    search.fill("retomar")
    expect(picker(page).locator("summary")).to_have_count(1)
    search.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(chosen(page, "Retomar atendimento").get_by_role("textbox")).to_have_value("Marta")
    expect(chosen(page, "Retomar atendimento").get_by_role("button", name="Enviar")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bubbles(page).last).to_contain_text("Olá, Marta! Podemos continuar o seu atendimento?")
    expect(bubbles(page).last).to_be_in_viewport(ratio=1)
    eventually(lambda: newest_message(acme, conversation).type == "TEMPLATE")
    expect(search).to_be_focused()


def test_what_is_missing_is_filled_in_and_said_wherever_it_stands_again(enter: Open, acme: Company) -> None:
    have_templates(acme)
    conversation = wrote_long_ago(acme)
    page = enter(path=f"/conversations/{conversation.pk}/", bypass_csp=True, color_scheme="dark")
    picker(page).get_by_text("Pedido enviado").click()
    form = chosen(page, "Pedido enviado")
    name, order = form.get_by_role("textbox").all()
    expect(order).to_be_focused()
    assert complaints(page) == []
    order.press("Enter")
    expect(order).to_be_focused()  # it is required
    assert newest_message(acme, conversation).direction == "INBOUND"
    name.fill("Dona Marta")
    expect(form.locator("[data-body]")).to_contain_text("Até já, Dona Marta!")
    order.fill("4711")
    order.press("Enter")
    words = "Oi, Dona Marta. O seu pedido 4711 saiu para entrega. Até já, Dona Marta!"
    expect(bubbles(page).last).to_contain_text(words)
    eventually(lambda: newest_message(acme, conversation).content == words)


def test_picker_opens_over_the_composer_and_a_refused_template_comes_back(enter: Open, acme: Company) -> None:
    have_templates(acme)
    conversation = writes(acme, "Marta", "Oi!")
    page = enter(path=f"/conversations/{conversation.pk}/")
    page.get_by_role("button", name="Escolher um modelo").click()
    expect(field(page)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    page.get_by_role("button", name="Escolher um modelo").click()
    picker(page).get_by_text("Pedido enviado").click()
    with tenant_scope(acme.tenant):
        Template.objects.update(status="PAUSED")
    order = chosen(page, "Pedido enviado").get_by_role("textbox").last
    order.fill("4711")
    order.press("Enter")
    expect(picker(page)).to_contain_text("Não existe esse modelo, ou o WhatsApp não o aprovou.")
    with tenant_scope(acme.tenant):
        assert Message.objects.filter(type="TEMPLATE").count() == 0
