"""Files in the composer: chosen, pasted, dropped, recorded; shown, sent with words, looked at large."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from conversations.actions import send_message
from conversations.models import Attachment, Conversation, Message
from conversations.tasks import make_preview
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.browser.conftest import Open
from tests.browser.test_board import is_live
from tests.browser.test_conversation import be_sent, bubbles, field
from tests.cast import Company
from tests.customers import writes
from tests.files import picture
from whatsapp.voices import as_voice


def payload(name: str = "foto.png", content: bytes = b"", mime_type: str = "image/png") -> Any:
    return {"name": name, "mimeType": mime_type, "buffer": content or picture("PNG")}


@pytest.fixture
def opened(enter: Open, acme: Company) -> Callable[..., Page]:
    def run(**options: Any) -> Page:
        page = enter(path=f"/conversations/{writes(acme, 'Marta', 'Oi!').pk}/", **options)
        is_live(page)
        return page

    return run


def choose(page: Page, *files: Any) -> None:
    page.locator("[data-files]").set_input_files(list(files))


def tray(page: Page) -> Locator:
    return page.locator(".tray-file")


def sent(company: Company) -> list[Message]:
    with tenant_scope(company.tenant):
        return list(Message.objects.filter(direction="OUTBOUND").order_by("said_at", "id"))


def test_pictures_and_documents_are_sent_one_message_each_with_the_words_beside_the_first(
    opened: Callable[..., Page], acme: Company
) -> None:
    page = opened()
    choose(page, payload(), payload("proposta.pdf", b"%PDF-1.7\n", "application/pdf"))
    expect(tray(page)).to_have_count(2)
    expect(page.locator(".tray-file[data-state=ready]")).to_have_count(2)
    field(page).fill("Veja só")
    page.keyboard.press("Enter")
    expect(tray(page)).to_have_count(0)
    expect(bubbles(page)).to_have_count(3)
    expect(page.locator("[data-optimistic]")).to_have_count(0)
    expect(bubbles(page).nth(1).locator("a.picture img")).to_be_visible()
    expect(bubbles(page).nth(1)).to_contain_text("Veja só")
    expect(bubbles(page).nth(2)).to_contain_text("proposta.pdf")
    assert [(each.type, each.content) for each in sent(acme)] == [("IMAGE", "Veja só"), ("DOCUMENT", "")]


def test_picture_is_pasted_and_sent_by_enter(opened: Callable[..., Page], acme: Company) -> None:
    page = opened()
    field(page).focus()
    page.evaluate(_GIVE, ["paste", "textarea", "tela.png", list(picture("PNG"))])
    expect(page.locator(".tray-file[data-state=ready] img")).to_be_visible()
    address = page.locator(".tray-file img").get_attribute("src")
    page.keyboard.press("Enter")
    expect(bubbles(page).last.locator("a.picture")).to_be_visible()
    assert [each.type for each in sent(acme)] == ["IMAGE"]
    assert page.evaluate(IS_GONE, address)  # the browser keeps no copy


IS_GONE = """(address) => new Promise((resolve) => {
  Object.assign(new Image(), { onload: () => resolve(false), onerror: () => resolve(true), src: address });
})"""


def test_files_are_dropped_on_the_conversation(opened: Callable[..., Page]) -> None:
    page = opened()
    page.evaluate(_GIVE, ["dragenter", "[data-thread]", "a.png", [1]])
    expect(page.locator("[data-drop-zone]")).to_be_visible()
    page.evaluate(_GIVE, ["drop", "[data-thread]", "a.png", list(picture("PNG"))])
    expect(page.locator("[data-drop-zone]")).to_be_hidden()
    expect(page.locator(".tray-file[data-state=ready]")).to_contain_text("a.png")


_GIVE = """([kind, where, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const target = document.querySelector(where);
  const about = { bubbles: true, cancelable: true };
  const event = kind === "paste" ? new ClipboardEvent(kind, { ...about, clipboardData: data })
                                 : new DragEvent(kind, { ...about, dataTransfer: data });
  target.dispatchEvent(event);
}"""


def test_what_whatsapp_refuses_is_said_before_it_is_uploaded(opened: Callable[..., Page]) -> None:
    page = opened()
    choose(page, payload("anim.gif", picture("GIF"), "image/gif"))
    expect(tray(page)).to_contain_text("JPEG ou PNG")
    field(page).fill("Oi")
    page.keyboard.press("Enter")
    expect(page.locator("[data-composer-error]")).to_contain_text("Falta um arquivo")
    page.get_by_role("button", name="Remover").click()
    choose(page, payload("grande.png", b"\x89PNG" + bytes(6 * 1024 * 1024)))
    expect(tray(page)).to_contain_text("5 MB")


def test_type_that_lies_is_refused_and_comes_back_to_the_composer(opened: Callable[..., Page], acme: Company) -> None:
    page = opened()
    choose(page, payload("foto.png", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(100)))
    expect(page.locator(".tray-file[data-state=ready]")).to_have_count(1)
    field(page).fill("Segue")
    page.keyboard.press("Enter")
    expect(page.locator("[data-composer-error]")).to_contain_text("O WhatsApp aceita")
    expect(field(page)).to_have_value("Segue")
    expect(tray(page)).to_have_count(1)
    expect(bubbles(page)).to_have_count(1)
    assert sent(acme) == []


def test_upload_goes_on_where_it_broke_off(opened: Callable[..., Page], acme: Company) -> None:
    page = opened()
    content = b"%PDF-1.7\n" + bytes(range(256)) * 40_000  # ten megabytes: three parts
    parts: list[str] = []

    def fail_once(route: Route) -> None:
        if route.request.method == "PATCH":
            parts.append(route.request.headers["upload-offset"])
            if len(parts) == 2:
                route.abort()
                return
        route.continue_()

    page.route(re.compile("/api/uploads/"), fail_once)
    choose(page, payload("manual.pdf", content, "application/pdf"))
    field(page).press("Enter")  # before it is there: it is sent as soon as it is
    expect(bubbles(page).last).to_contain_text("manual.pdf")
    expect(page.locator("[data-optimistic]")).to_have_count(0)
    assert parts == ["0", "4194304", "4194304", "8388608"]
    with tenant_scope(acme.tenant):
        assert Attachment.objects.get().size == len(content)


def test_upload_is_cancelled_and_tried_again(opened: Callable[..., Page], acme: Company) -> None:
    page = opened()
    page.route(re.compile("/api/uploads$"), lambda route: route.fulfill(status=413, body="{}"))
    choose(page, payload())
    expect(page.locator(".tray-file[data-state=failed]")).to_have_count(1)
    page.unroute(re.compile("/api/uploads$"))
    page.get_by_role("button", name="Enviar de novo").click()
    expect(page.locator(".tray-file[data-state=ready]")).to_have_count(1)
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="Remover").click()
    expect(tray(page)).to_have_count(0)
    with tenant_scope(acme.tenant):
        assert not Attachment.objects.exists()


def test_voice_note_is_recorded_by_one_press_and_sent_by_another(opened: Callable[..., Page], acme: Company) -> None:
    page = opened(permissions=["microphone"])
    record = page.get_by_role("button", name="Gravar mensagem de voz")
    record.click()
    page.get_by_role("button", name="Descartar a gravação").click()
    expect(field(page)).to_be_visible()
    record.click()
    expect(page.locator("[data-recording-time]")).to_have_text("0:01")
    page.get_by_role("button", name="Enviar a gravação").click()
    expect(bubbles(page).last.locator("audio")).to_be_visible()
    assert [each.type for each in sent(acme)] == ["VOICE"]
    with tenant_scope(acme.tenant):
        recorded = Attachment.objects.get()
    with recorded.file.open("rb") as file, BytesIO() as made:
        assert as_voice(file, made).read(4) == b"OggS"


def test_microphone_that_comes_too_late_is_let_go(opened: Callable[..., Page]) -> None:
    page = opened(permissions=["microphone"])
    page.evaluate(SLOW_MICROPHONE)
    page.get_by_role("button", name="Gravar mensagem de voz").dblclick()
    page.evaluate("grant()")
    expect(page.get_by_role("button", name="Descartar a gravação")).to_be_visible()
    page.get_by_role("button", name="Descartar a gravação").click()
    page.get_by_role("button", name="Gravar mensagem de voz").click()
    page.get_by_role("link", name="Fechar a conversa").click()
    page.evaluate("grant()")
    for state in page.evaluate("Promise.all(streams).then((all) => all.map((each) => each.getTracks()[0].readyState))"):
        assert state == "ended"


SLOW_MICROPHONE = """() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const waiting = [];
  window.streams = [];
  window.grant = () => Promise.all(waiting.splice(0).map((go) => go()));
  navigator.mediaDevices.getUserMedia = (wanted) =>
    new Promise((resolve) => waiting.push(async () => {
      const stream = await real(wanted);
      streams.push(stream);
      resolve(stream);
    }));
}"""


def test_microphone_that_is_refused_is_said(opened: Callable[..., Page]) -> None:
    page = opened()
    page.evaluate("() => void (navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error()))")
    page.get_by_role("button", name="Gravar mensagem de voz").click()
    expect(page.locator("[data-composer-error]")).to_contain_text("microfone")


def test_message_is_quoted(opened: Callable[..., Page], acme: Company) -> None:
    page = opened()
    bubbles(page).first.hover()
    page.get_by_role("button", name="Responder a esta mensagem").click()
    expect(page.locator("[data-quoting]")).to_contain_text("Marta")
    expect(page.locator("[data-quoting]")).to_contain_text("Oi!")
    expect(field(page)).to_be_focused()
    page.get_by_role("button", name="Não citar").click()
    expect(page.locator("[data-quoting]")).to_be_hidden()
    bubbles(page).first.hover()
    page.get_by_role("button", name="Responder a esta mensagem").click()
    field(page).fill("Bom dia!")
    page.keyboard.press("Enter")
    expect(page.locator("[data-quoting]")).to_be_hidden()
    expect(page.locator("[data-optimistic]")).to_have_count(0)
    expect(bubbles(page).last.locator(".quote")).to_contain_text("Oi!")
    (message,) = sent(acme)
    assert message.reply_to_id


def test_picture_is_seen_large_and_arrows_lead_on(opened: Callable[..., Page], acme: Company) -> None:
    page = opened()
    for name in ("a.png", "b.png"):
        choose(page, payload(name))
        expect(page.locator(".tray-file[data-state=ready]")).to_have_count(1)
        field(page).fill(name)
        page.keyboard.press("Enter")
        expect(page.locator("[data-optimistic]")).to_have_count(0)
    with tenant_scope(acme.tenant):
        files = list(Attachment.objects.all())
    for file in files:
        make_preview(str(acme.tenant.pk), str(file.pk))
    expect(page.locator("a.picture img[src$='thumbnail/']")).to_have_count(2)
    page.locator("a.picture").first.click()
    box = page.locator("#lightbox")
    expect(box.locator("figcaption")).to_have_text("a.png")
    page.keyboard.press("ArrowRight")
    expect(box.locator("figcaption")).to_have_text("b.png")
    expect(page.get_by_role("button", name="Imagem seguinte")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.locator("a.picture").first).to_be_focused()
    assert "/conversations/" in page.url  # Escape closed the picture, not the conversation


def test_send_is_undone_while_it_waits_and_comes_back_to_be_written(opened: Callable[..., Page], acme: Company) -> None:
    Tenant.objects.update(undo_send_seconds=30)
    page = opened()
    choose(page, payload("errada.png"))
    expect(page.locator(".tray-file[data-state=ready]")).to_have_count(1)
    bubbles(page).first.hover()
    page.get_by_role("button", name="Responder a esta mensagem").click()
    field(page).fill("Segue a *errada*")
    page.keyboard.press("Enter")
    expect(page.locator("[data-optimistic]")).to_have_count(0)
    page.get_by_role("button", name="Desfazer").click()
    expect(field(page)).to_have_value("Segue a *errada*")
    expect(field(page)).to_be_focused()
    expect(page.locator("[data-quoting]")).to_contain_text("Oi!")
    expect(bubbles(page).last).to_have_attribute("data-status", "RECALLED")
    expect(page.locator(".undo")).to_have_count(0)
    expect(page.locator(".tray-file[data-state=ready]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Desfazer")).to_be_visible()
    assert [each.status for each in sent(acme)] == ["RECALLED", "PENDING"]


def test_menu_of_a_message_says_what_whatsapp_cannot_do(opened: Callable[..., Page], acme: Company) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    with tenant_scope(acme.tenant):
        conversation = Conversation.objects.get()
    write = send_message_of(acme, conversation)
    expect(bubbles(page).last).to_contain_text(write.content)
    be_sent(acme, conversation)
    expect(bubbles(page).last).to_have_attribute("data-status", "SENT")
    bubbles(page).last.hover()
    page.get_by_role("button", name="O que fazer com esta mensagem").last.click()
    menu = page.locator("#message-menu")
    expect(menu).to_contain_text("O WhatsApp não permite que empresas alterem ou apaguem o que já saiu.")
    expect(menu.get_by_role("menuitem", name="Apagar")).to_have_attribute("aria-disabled", "true")
    expect(menu.get_by_role("menuitem", name="Desfazer antes do envio")).to_be_hidden()
    menu.get_by_role("menuitem", name="Copiar o texto").click()
    assert page.evaluate("navigator.clipboard.readText()") == write.content
    bubbles(page).first.hover()
    page.get_by_role("button", name="O que fazer com esta mensagem").first.click()
    expect(menu.get_by_role("menuitem", name="Apagar")).to_be_hidden()


def send_message_of(company: Company, conversation: Conversation) -> Message:
    with tenant_scope(company.tenant):
        return send_message(conversation, by=company.ana, content="Bom dia!")
