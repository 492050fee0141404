"""A conversation beside the board: opened, answered, followed, closed."""

import json
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from conversations.actions import react_as, record_failed, record_sent, send_message, start_sending
from conversations.models import Conversation, Message
from conversations.queries import conversation_for
from tenancy.scope import tenant_scope
from tests.browser.conftest import COOKIE, Open, session_of
from tests.browser.test_board import card, is_live
from tests.cast import Company
from tests.customers import newest_message, writes


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Mensagem")


def bubbles(page: Page) -> Locator:
    return page.locator(".message")


def open_card(page: Page, name: str) -> None:
    is_live(page)
    card(page, name).click()
    expect(page.locator("[data-thread]")).to_be_visible()


def test_card_opens_beside_the_board_and_back_closes_it(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    page = enter()
    open_card(page, "Marta")
    assert page.url.endswith(f"/conversations/{conversation.pk}/")
    assert page.title() == "Marta · Recado"
    expect(field(page)).to_be_focused()
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.get_by_role("link", name="Marta")).to_be_focused()
    page.go_forward()
    expect(page.locator("[data-thread]")).to_contain_text("Oi!")
    page.get_by_role("link", name="Fechar a conversa").click()
    expect(page.locator("#panel")).to_be_hidden()
    page.keyboard.press(" ")
    expect(page.locator("[data-thread]")).to_be_visible()


def test_address_of_a_conversation_opens_it_with_its_board(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    page = enter(path=f"/conversations/{conversation.pk}/")
    expect(page.locator("[data-thread]")).to_contain_text("Oi!")
    expect(card(page, "Marta")).to_be_visible()
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert "/conversations/" not in page.url


def test_board_stays_filtered_when_a_conversation_over_it_is_loaded_again(enter: Open, acme: Company) -> None:
    writes(acme, "Marta", "Oi!")
    page = enter(path="/?view=unassigned")
    open_card(page, "Marta")
    page.reload()
    expect(page.locator("[data-thread]")).to_contain_text("Oi!")
    expect(page.get_by_role("link", name="Sem responsável")).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.url.endswith("?view=unassigned")


def test_answer_appears_at_once_and_its_ticks_follow(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    ana, bruno = enter("ana"), enter("bruno", f"/conversations/{conversation.pk}/")
    is_live(bruno)
    open_card(ana, "Marta")
    field(ana).fill("Bom dia!\nJá vejo *agora*.")
    ana.keyboard.press("Enter")
    expect(field(ana)).to_have_value("")
    for page in (ana, bruno):
        expect(bubbles(page)).to_have_count(2)
        expect(bubbles(page).last.locator("strong")).to_have_text("agora")
        expect(bubbles(page).last).to_have_attribute("data-status", "PENDING")
    expect(card(bruno, "Marta")).to_contain_text("Bom dia! Já vejo")
    expect(card(ana, "Marta").locator("[data-mine]")).to_be_visible()

    be_sent(acme, conversation)
    for page in (ana, bruno):
        expect(bubbles(page).last).to_have_attribute("data-status", "SENT")
        expect(card(page, "Marta").locator(".tick")).to_have_attribute("data-status", "SENT")


def be_sent(company: Company, conversation: Conversation) -> None:
    now = timezone.now() + timedelta(minutes=1)  # nobody can undo it any more
    with tenant_scope(company.tenant):
        message = start_sending(conversation.pk, now=now, answer_by=now + timedelta(minutes=1))
        assert message
        record_sent(message, wamid=f"wamid.sent-{message.pk}", at=now)


def test_failed_message_says_why_and_retry_sends_it_again(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta")
    with tenant_scope(acme.tenant):
        send_message(conversation_for(acme.ana, conversation.pk), by=acme.ana, content="Olá!")
        now = timezone.now()
        message = start_sending(conversation.pk, now=now, answer_by=now)
        assert message
        record_failed(message, error_code="131049", error_detail="", at=now)
    page = enter(path=f"/conversations/{conversation.pk}/")
    is_live(page)
    expect(bubbles(page).last).to_contain_text("O WhatsApp reteve a mensagem.")
    page.get_by_role("button", name="Reenviar").click()
    expect(bubbles(page).last).to_have_attribute("data-status", "PENDING")
    expect(page.get_by_role("button", name="Reenviar")).to_have_count(0)


def test_what_the_customer_writes_appears_and_is_read(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    page = enter()
    expect(card(page, "Marta").locator(".badge")).to_be_visible()
    open_card(page, "Marta")
    expect(card(page, "Marta").locator(".badge")).to_have_count(0)
    writes(acme, "Marta", "Ainda aí?")
    expect(bubbles(page).last).to_contain_text("Ainda aí?")
    expect(page.locator("#spoken")).to_contain_text("Marta escreveu: Ainda aí?")
    expect(card(page, "Marta").locator(".badge")).to_have_count(0)
    assert newest_message(acme, conversation).content == "Ainda aí?"


def test_late_message_is_put_in_its_place(enter: Open, acme: Company) -> None:
    now = timezone.now()
    conversation = writes(acme, "Marta", "primeira", at=now - timedelta(minutes=10))
    writes(acme, "Marta", "terceira", at=now - timedelta(minutes=2))
    page = enter(path=f"/conversations/{conversation.pk}/")
    is_live(page)
    writes(acme, "Marta", "segunda", at=now - timedelta(minutes=5))
    expect(page.locator(".words")).to_have_text(["primeira", "segunda", "terceira"])


def test_draft_survives_a_reload(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta")
    page = enter(path=f"/conversations/{conversation.pk}/")
    field(page).fill("Um momento, vou")
    page.reload()
    expect(field(page)).to_have_value("Um momento, vou")
    origin = page.evaluate("location.origin")
    page.context.add_cookies([{"name": COOKIE, "value": session_of(acme.caio), "url": origin}])
    page.reload()
    is_live(page)
    expect(field(page)).to_have_value("")  # another one at the same computer


def test_what_is_written_offline_is_sent_when_the_connection_is_back(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta")
    page = enter()
    open_card(page, "Marta")
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    field(page).fill("Escrito sem conexão")
    page.keyboard.press("Enter")
    expect(bubbles(page).last).to_contain_text("Escrito sem conexão")
    page.context.set_offline(False)
    expect(bubbles(page).last).to_have_attribute("data-version", "1")
    expect(bubbles(page)).to_have_count(2)
    assert newest_message(acme, conversation).content == "Escrito sem conexão"


def test_closed_window_shuts_the_composer_and_an_answer_opens_it(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta")
    with tenant_scope(acme.tenant):
        Conversation.objects.update(window_expires_at=timezone.now() - timedelta(hours=1))
    page = enter(path=f"/conversations/{conversation.pk}/")
    is_live(page)
    expect(page.get_by_text("Fora da janela de 24 horas.")).to_be_visible()
    expect(field(page)).to_be_hidden()
    writes(acme, "Marta", "Voltei")
    expect(field(page)).to_be_visible()


def test_earlier_messages_come_as_the_thread_is_scrolled_up(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", *(f"mensagem {number:03d}" for number in range(70)))
    with tenant_scope(acme.tenant):
        Conversation.objects.update(unread_count=0)
    page = enter(path=f"/conversations/{conversation.pk}/")
    expect(bubbles(page).last).to_be_in_viewport()
    expect(bubbles(page)).to_have_count(50)
    page.locator("[data-thread]").evaluate("thread => thread.scrollTo(0, 0)")
    expect(bubbles(page)).to_have_count(70)
    expect(page.locator(".day")).to_have_text(["Hoje"])


def test_conversation_is_given_to_somebody_by_the_header(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta")
    page = enter(path=f"/conversations/{conversation.pk}/")
    is_live(page)
    page.locator("[data-assign-menu]").click()
    page.get_by_role("menuitem", name="Caio").click()
    expect(page.locator("[data-assign-menu]")).to_contain_text("Caio")


def many(company: Company, count: int = 70) -> Conversation:
    """A conversation of more than one page, all of it read."""
    conversation = writes(company, "Marta", *(f"mensagem {number:03d}" for number in range(count)))
    with tenant_scope(company.tenant):
        Conversation.objects.update(unread_count=0)
    return conversation


def test_change_far_above_neither_comes_down_nor_counts_as_news(enter: Open, acme: Company) -> None:
    conversation = many(acme)
    page = enter(path=f"/conversations/{conversation.pk}/")
    is_live(page)
    expect(bubbles(page)).to_have_count(50)
    with tenant_scope(acme.tenant):
        react_as(Message.objects.get(content="mensagem 003"), by=acme.caio, emoji="👍")
    writes(acme, "Marta", "e agora?")
    expect(bubbles(page).last).to_contain_text("e agora?")
    expect(bubbles(page)).to_have_count(51)
    page.locator("[data-thread]").evaluate("thread => thread.scrollTo(0, 0)")
    expect(bubbles(page)).to_have_count(71)
    expect(page.locator(".message", has_text="mensagem 003")).to_contain_text("👍")


def test_quote_leads_to_what_it_answers_however_far_above(enter: Open, acme: Company) -> None:
    conversation = many(acme, 130)
    with tenant_scope(acme.tenant):
        found = conversation_for(acme.ana, conversation.pk)
        first = Message.objects.get(content="mensagem 000")
        send_message(found, by=acme.ana, content="Sobre isto:", reply_to_id=first.pk)
    page = enter(path=f"/conversations/{conversation.pk}/")
    is_live(page)
    bubbles(page).last.locator(".quote a").click()
    expect(page.locator("[data-messages] .words", has_text="mensagem 000")).to_be_in_viewport()


def test_refused_for_haste_is_sent_a_moment_later_and_in_order(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    page = enter(path=f"/conversations/{conversation.pk}/")
    passed = is_too_fast(page)
    for words in ("primeira", "segunda"):
        field(page).fill(words)
        page.keyboard.press("Enter")
    expect(page.locator("[data-optimistic]")).to_have_count(0)
    expect(page.locator(".words")).to_have_text(["Oi!", "primeira", "segunda"])
    assert newest_message(acme, conversation).content == "segunda"
    assert "conversation:join" in passed  # who looks at it is seen


def is_too_fast(page: Page) -> list[str]:
    """From the next load on the first look and the first message meet the limit. Returns what passed it."""
    refused: list[str] = []
    passed: list[str] = []

    def between(page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def pass_on(frame: str | bytes) -> None:
            request = json.loads(frame)
            if request["type"] not in {"message:send", "conversation:join"} - set(refused):
                passed.append(request["type"])
                server_side.send(frame)
                return
            refused.append(request["type"])
            error = {"code": "rate_limited", "message": "Too many commands.", "fields": {}, "retryAfterMs": 600}
            reply = {"type": "reply", "requestId": request["requestId"], "status": "error", "error": error}
            page_side.send(json.dumps(reply))

        page_side.on_message(pass_on)

    page.route_web_socket("**/ws/**", between)
    page.reload()
    is_live(page)
    return passed
