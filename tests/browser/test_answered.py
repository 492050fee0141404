"""Two agents answer the same customer: the second one is told before anything leaves, and decides."""

from playwright.sync_api import Page, WebSocketRoute, expect

from conversations.actions import send_message
from conversations.models import Conversation, Message
from conversations.queries import conversation_for
from conversations.statuses import Direction
from tenancy.scope import tenant_scope
from tests.browser.conftest import Open
from tests.browser.test_board import is_live
from tests.browser.test_conversation import bubbles, field
from tests.browser.test_templates import chosen, have_templates, picker
from tests.cast import Company
from tests.customers import writes
from tests.waiting import eventually


def hears_replies_only(page: Page) -> None:
    """From the next load on nothing that happens gets through to the page, as while the network stalls."""

    def between(page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def pass_on(frame: str | bytes) -> None:
            if '"reply"' in str(frame) or '"connected"' in str(frame):
                page_side.send(frame)

        server_side.on_message(pass_on)

    page.route_web_socket("**/ws/**", between)
    page.reload()
    is_live(page)


def answers(company: Company, name: str, conversation: Conversation, content: str) -> None:
    with tenant_scope(company.tenant):
        by = company.people[name]
        send_message(conversation_for(by, conversation.pk), by=by, content=content)


def sent(company: Company) -> list[str]:
    with tenant_scope(company.tenant):
        said = Message.objects.filter(direction=Direction.OUTBOUND).order_by("id")
        return list(said.values_list("content", flat=True))


def test_second_answer_waits_for_its_author_to_decide(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Qual é o prazo?")
    page = enter(path=f"/conversations/{conversation.pk}/")
    hears_replies_only(page)
    answers(acme, "caio", conversation, "São três dias.")

    field(page).fill("São cinco dias.")
    page.keyboard.press("Enter")
    notice = page.get_by_role("alert").filter(has_text="Caio acabou de responder")
    expect(notice).to_contain_text("São três dias.")
    expect(field(page)).to_have_value("São cinco dias.")
    expect(field(page)).to_be_focused()
    expect(bubbles(page)).to_have_count(1)
    assert sent(acme) == ["São três dias."]

    page.get_by_role("button", name="Enviar mesmo assim").click()
    expect(notice).to_be_hidden()
    expect(field(page)).to_have_value("")
    expect(bubbles(page).last).to_contain_text("São cinco dias.")
    expect(bubbles(page).last.get_by_role("button", name="Desfazer")).to_be_visible()
    assert sent(acme) == ["São três dias.", "São cinco dias."]

    answers(acme, "caio", conversation, "Desculpe: cinco.")
    field(page).fill("Como eu disse.")
    page.keyboard.press("Enter")
    expect(notice).to_contain_text("Desculpe: cinco.")
    page.get_by_role("button", name="Descartar").press("Enter")
    expect(notice).to_be_hidden()
    expect(field(page)).to_have_value("")
    page.reload()
    expect(field(page)).to_have_value("")
    assert len(sent(acme)) == 3


def test_template_waits_as_well(enter: Open, acme: Company) -> None:
    have_templates(acme)
    conversation = writes(acme, "Marta", "Qual é o prazo?")
    page = enter(path=f"/conversations/{conversation.pk}/")
    hears_replies_only(page)
    answers(acme, "caio", conversation, "São três dias.")
    page.get_by_role("button", name="Escolher um modelo").click()
    template = chosen(page, "Retomar atendimento")
    template.locator("summary").click()
    template.get_by_role("button", name="Enviar").click()
    warning = "Caio acabou de responder: São três dias. Envie de novo para enviar mesmo assim."
    expect(picker(page).get_by_text(warning)).to_be_visible()
    assert sent(acme) == ["São três dias."]
    template.get_by_role("button", name="Enviar").click()
    eventually(lambda: len(sent(acme)) == 2)
