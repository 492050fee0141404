"""Colleagues talk: two of them in two browsers, beside each other."""

import re
import wave
from io import BytesIO

from playwright.sync_api import Locator, Page, Request, Route, expect

from accounts.actions import sign_out_everywhere
from conversations.actions import react_as
from conversations.models import Message
from tenancy.scope import tenant_scope
from tests.browser.conftest import Open
from tests.browser.test_board import is_live
from tests.browser.test_files import payload
from tests.cast import Company
from tests.conversations.chats import direct, group, say
from tests.customers import writes
from tests.files import picture


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Mensagem")


def bubble(page: Page, words: str) -> Locator:
    return page.locator(".message", has_text=words)


def write(page: Page, words: str) -> None:
    field(page).fill(words)
    page.keyboard.press("Enter")


def row(page: Page, name: str) -> Locator:
    return page.locator(".chat", has_text=name)


def badge(page: Page) -> Locator:
    return page.locator("[data-team-badge]")


def colour(message: Locator, part: str) -> str:
    return str(message.locator(part).evaluate("part => getComputedStyle(part).color"))


def do(page: Page, words: str, what: str) -> None:
    """Something of the menu of a message."""
    bubble(page, words).hover()
    bubble(page, words).locator("[data-chat-menu]").click()
    page.get_by_role("menuitem", name=what).click()


def test_two_talk_and_see_what_the_other_has_read(enter: Open, acme: Company) -> None:
    caio = enter("caio")
    is_live(caio)
    ana = enter("ana", "/team/")
    is_live(ana)
    expect(ana.get_by_role("heading", name="Ainda não há chats")).to_be_visible()
    ana.get_by_role("searchbox").fill("cai")
    ana.get_by_role("button", name="Caio").click()
    write(ana, "Almoço ao meio-dia?")
    expect(bubble(ana, "Almoço")).to_have_attribute("data-side", "out")
    expect(badge(caio)).to_have_text("1")  # on the board, without a chat in sight
    expect(bubble(ana, "Almoço")).to_have_attribute("data-reach", "DELIVERED")

    other_tab = caio.context.new_page()
    other_tab.goto("/team/")
    expect(row(other_tab, "Ana").locator("[data-unread]")).to_have_text("1")
    row(other_tab, "Ana").get_by_role("link").click()
    expect(bubble(other_tab, "Almoço")).to_have_attribute("data-side", "in")
    expect(bubble(ana, "Almoço")).to_have_attribute("data-reach", "READ")
    assert colour(bubble(ana, "Almoço"), ".tick[data-status=READ]") != colour(bubble(ana, "Almoço"), "time")
    expect(badge(caio)).to_be_hidden()
    expect(row(other_tab, "Ana").locator("[data-unread]")).to_be_hidden()

    write(other_tab, "Combinado!")
    expect(bubble(ana, "Combinado!")).to_be_visible()
    do(other_tab, "Combinado!", "Editar")
    other_tab.get_by_role("textbox", name="Editar a mensagem").fill("Combinado, 12h.")
    other_tab.keyboard.press("Enter")
    expect(bubble(ana, "Combinado, 12h.")).to_contain_text("editada")
    do(ana, "Combinado, 12h.", "👍")
    expect(bubble(other_tab, "Combinado, 12h.").locator(".reactions")).to_contain_text("👍")
    do(other_tab, "Combinado, 12h.", "Apagar para todos")
    expect(ana.locator(".message[data-deleted]")).to_contain_text("apagada")
    do(ana, "Almoço", "Quem leu")
    expect(ana.get_by_role("dialog")).to_contain_text("Caio")


def test_group_shows_who_is_mentioned_and_who_comes_and_goes(enter: Open, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        say(direct(acme), acme.caio, "Bom dia")
    ana, caio = enter("ana", "/team/"), enter("caio", "/team/")
    is_live(ana)
    is_live(caio)
    ana.get_by_role("button", name="Novo grupo").click()
    ana.get_by_label("Nome", exact=True).fill("Plantão")
    for name in ("Caio", "Sofia"):
        ana.get_by_label("Pessoas", exact=True).fill(name)
        ana.locator("#group-dialog [data-people-found]").get_by_role("button", name=name).click()
    ana.get_by_role("button", name="Criar o grupo").click()
    expect(ana.locator(".activity").first).to_contain_text("Ana criou o grupo")
    expect(row(caio, "Plantão")).to_be_visible()
    field(ana).press_sequentially("Vem, @ca")
    expect(ana.get_by_role("option", name="Caio")).to_be_visible()
    ana.keyboard.press("Enter")
    expect(field(ana)).to_have_value("Vem, @Caio ")
    ana.keyboard.press("Enter")
    expect(row(caio, "Plantão").locator("[data-mentions]")).to_be_visible()
    row(caio, "Plantão").get_by_role("link").click()
    expect(bubble(caio, "Vem").locator(".mention")).to_have_text("@Caio")
    expect(row(caio, "Plantão").locator("[data-mentions]")).to_be_hidden()

    ana.get_by_role("button", name="Detalhes").click()
    ana.get_by_role("button", name="Remover Caio").click()
    expect(row(caio, "Plantão")).to_have_count(0)
    expect(field(caio)).to_have_count(0)
    expect(ana.locator(".members")).not_to_contain_text("Caio")
    ana.keyboard.press("Escape")
    expect(ana.locator(".activity").last).to_contain_text("Ana removeu Caio")


def test_drawer_stands_beside_the_board(enter: Open, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        chat = group(acme)
        say(chat, acme.caio, "Alguém no almoço?")
    page = enter("ana")
    is_live(page)
    page.get_by_role("button", name="Chat da equipe ao lado do quadro").click()
    row(page, "Atendimento").get_by_role("link").click()
    expect(bubble(page, "Alguém")).to_be_visible()
    write(page, "Eu não.")
    expect(bubble(page, "Eu não.")).to_have_attribute("data-reach", "SENT")
    expect(badge(page)).to_be_hidden()
    page.get_by_role("link", name="Voltar aos chats").click()
    expect(row(page, "Atendimento")).to_contain_text("Eu não.")


def test_conversation_and_chat_stand_side_by_side(enter: Open, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        say(group(acme), acme.caio, "Alguém no almoço?")
    page = enter("ana", f"/conversations/{writes(acme, 'Marta').pk}/")
    is_live(page)
    page.get_by_role("button", name="Chat da equipe ao lado do quadro").click()
    row(page, "Atendimento").get_by_role("link").click()
    expect(bubble(page, "Alguém")).to_be_visible()
    assert page.evaluate(TWICE) == []
    grip, width = page.locator("[data-panel-grip]"), "document.getElementById('panel').offsetWidth"
    before, place = page.evaluate(width), grip.bounding_box()
    assert place
    page.mouse.move(place["x"] + 4, 400)
    page.mouse.down()
    page.mouse.move(place["x"] + 24, 400, steps=3)
    page.mouse.up()
    assert before - 25 < page.evaluate(width) < before - 15


TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""


def test_chat_that_cannot_be_opened_takes_no_message(enter: Open, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        chat = direct(acme)
        say(chat, acme.ana, "Bom dia, Caio")
        say(group(acme), acme.caio, "Alguém?")
    page = enter("ana", f"/team/{chat.pk}/")
    is_live(page)
    do(page, "Bom dia, Caio", "Editar")
    words = page.get_by_role("textbox", name="Editar a mensagem")
    place = words.bounding_box()
    assert place
    page.mouse.move(place["x"] + 60, place["y"] + 15)
    page.mouse.down()
    page.mouse.move(place["x"] - 100, place["y"] + 15, steps=3)  # selects, and lets go beside the dialog
    page.mouse.up()
    expect(words).to_be_visible()
    page.mouse.click(place["x"] - 100, place["y"] + 15)
    expect(words).to_be_hidden()

    page.context.set_offline(True)
    row(page, "Atendimento").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Não foi possível abrir esta conversa")).to_be_visible()
    expect(field(page)).to_have_count(0)
    page.context.set_offline(False)
    page.get_by_role("button", name="Tentar de novo").click()
    expect(bubble(page, "Alguém?")).to_be_visible()
    assert page.title().startswith("Atendimento")


def test_file_that_whatsapp_refuses_is_sent_to_colleagues(enter: Open, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        chat = direct(acme)
    page = enter("ana", f"/team/{chat.pk}/")
    is_live(page)
    page.locator("[data-files]").set_input_files(payload("festa.gif", picture("GIF"), "image/gif"))
    expect(page.locator(".tray-file[data-state=ready]")).to_contain_text("festa.gif")
    write(page, "Olha só " + "a" * 1100)  # longer than a caption of WhatsApp
    expect(bubble(page, "Olha só").locator("a.picture")).to_be_visible()
    expect(page.locator("[data-optimistic]")).to_have_count(0)


def test_what_is_played_and_where_the_focus_is_survive_a_change(enter: Open, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        chat = direct(acme)
    page = enter("ana", f"/team/{chat.pk}/")
    is_live(page)
    page.locator("[data-files]").set_input_files(payload("toque.wav", silence(60), "audio/wav"))
    expect(page.locator(".tray-file[data-state=ready]")).to_be_visible()
    page.locator(".composer-send[type=submit]").click()
    expect(page.locator("[data-optimistic]")).to_have_count(0)
    page.locator(".message audio").evaluate(PLAY)
    page.locator("[data-chat-menu]").focus()
    with tenant_scope(acme.tenant):
        react_as(Message.objects.get(conversation=chat), by=acme.caio, emoji="👍")
    expect(page.locator(".reactions")).to_contain_text("👍")
    assert page.locator(".message audio").evaluate("audio => !audio.paused && audio.currentTime > 0")
    expect(page.locator("[data-chat-menu]")).to_be_focused()


PLAY = """audio => new Promise((resolve) => {
  audio.ontimeupdate = () => audio.currentTime > 0 && resolve();
  audio.play();
})"""


def silence(seconds: int) -> bytes:
    """A sound file."""
    with BytesIO() as made:
        with wave.open(made, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(8000)
            sound.writeframes(b"\x80" * 8000 * seconds)
        return made.getvalue()


def test_thread_is_shown_once_everybody_stands_on_their_side(enter: Open, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        chat = direct(acme)
        say(chat, acme.ana, "Bom dia")
    page = enter("ana")
    held: list[Route] = []
    page.route(re.compile(r"/js/pages/team"), lambda route: held.append(route))  # noqa: PLW0108  no built-in methods
    page.goto(f"/team/{chat.pk}/", wait_until="commit")
    expect(bubble(page, "Bom dia")).to_be_attached()
    expect(bubble(page, "Bom dia")).to_be_hidden()
    held[0].continue_()
    expect(bubble(page, "Bom dia")).to_be_visible()
    expect(bubble(page, "Bom dia")).to_have_attribute("data-side", "out")


def test_customer_who_writes_makes_no_page_count_its_chats(enter: Open, acme: Company) -> None:
    page = enter("ana")
    page.clock.install()
    with page.expect_response(re.compile("/team/unread/")):
        page.reload()
    is_live(page)
    page.clock.run_for(2_000)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/team/unread/") else None)
    writes(acme, "Marta", "Oi!")
    expect(page.locator(".card", has_text="Marta")).to_be_visible()
    page.clock.run_for(2_000)
    assert asked == []
    with page.expect_response(re.compile("/team/unread/")), tenant_scope(acme.tenant):
        say(direct(acme), acme.caio, "Tudo bem?")
    expect(badge(page)).to_have_text("1")


def test_page_goes_to_the_sign_in_when_its_session_ends(enter: Open, acme: Company) -> None:
    page = enter("ana", "/team/")
    is_live(page)
    sign_out_everywhere(acme.ana)
    page.wait_for_url("**/sign-in/?next=%2Fteam%2F")
    expect(page.get_by_role("button", name="Entrar", exact=True)).to_be_visible()
