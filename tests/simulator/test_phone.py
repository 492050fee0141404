"""The phone in the browser: pages, forms and the live stream."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.simulator.parts import MARIA, PATIENCE, Helpdesk, Simulator, client, wait_until

CHAT = f"chats/{MARIA}/test-phone-id"


class Browser:
    """A client with the cookie that the forms ask for."""

    def __init__(self, simulator: Simulator) -> None:
        self.url = simulator.url
        self.http = client()
        self.page = self.http.get(f"{self.url}/{CHAT}/").text

    def post(self, path: str, **options: Any) -> httpx.Response:
        headers = {"X-CSRFToken": self.http.cookies["simulator_csrf"]}
        return self.http.post(f"{self.url}/{path}", headers=headers, **options)


@pytest.fixture
def browser(simulator: Simulator) -> Iterator[Browser]:
    browser = Browser(simulator)
    yield browser
    browser.http.close()


@contextmanager
def open_chat(simulator: Simulator, path: str = CHAT) -> Iterator[list[tuple[str, str]]]:
    """The events of an open chat, filling up while the block runs."""
    events: list[tuple[str, str]] = []
    with client() as http, http.stream("GET", f"{simulator.url}/{path}/live") as stream:
        reader = threading.Thread(target=collect, args=(stream, events), daemon=True)
        reader.start()
        wait_until(lambda: bool(events))
        yield events
        stream.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        reader.join(PATIENCE)


def collect(stream: httpx.Response, events: list[tuple[str, str]]) -> None:
    name = ""
    try:
        for line in stream.iter_lines():
            kind, _, rest = line.partition(": ")
            if kind == "event":
                name = rest
            elif kind == "data":
                events.append((name, json.loads(rest).get("html", "")))
    except httpx.RemoteProtocolError:
        return


def shows(events: list[tuple[str, str]], name: str, text: str) -> Callable[[], bool]:
    return lambda: any(event == name and text in html for event, html in list(events))


def test_page_speaks_the_language_of_the_browser(simulator: Simulator) -> None:
    pages = [simulator.http.get(f"{simulator.url}/", headers={"Accept-Language": tag}) for tag in ("en", "pt-BR")]

    assert "Who are you?" in pages[0].text
    assert "Quem é você?" in pages[1].text
    assert '<html lang="pt-br">' in pages[1].text


def test_page_allows_no_inline_script_or_style(browser: Browser) -> None:
    policy = browser.http.get(f"{browser.url}/").headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in browser.page
    assert "style=" not in browser.page


def test_static_files_are_served(simulator: Simulator) -> None:
    answer = simulator.http.get(f"{simulator.url}/static/js/app.js")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")


def test_customer_writes(browser: Browser, helpdesk: Helpdesk) -> None:
    assert browser.post(f"{CHAT}/messages", data={"text": "Oi <b>você</b>"}).status_code == 204

    assert helpdesk.wait_for(1)[0].value["messages"][0]["text"]["body"] == "Oi <b>você</b>"
    thread = browser.http.get(f"{browser.url}/{CHAT}/thread").text
    assert "Oi &lt;b&gt;você&lt;/b&gt;" in thread


def test_post_without_the_cookie_is_refused(simulator: Simulator) -> None:
    assert simulator.http.post(f"{simulator.url}/{CHAT}/messages", data={"text": "Oi"}).status_code == 403


def test_empty_message_is_refused_in_words(browser: Browser) -> None:
    answer = browser.post(f"{CHAT}/messages", data={"text": "  "})

    assert (answer.status_code, answer.text) == (400, "Write something first.")


def test_picture_carries_its_caption(browser: Browser, helpdesk: Helpdesk) -> None:
    files = {"file": ("foto.png", b"\x89PNG", "image/png")}
    browser.post(f"{CHAT}/messages", data={"text": "Olha"}, files=files)

    image = helpdesk.wait_for(1)[0].value["messages"][0]["image"]
    assert image["caption"] == "Olha"
    seen = browser.http.get(f"{browser.url}/media/{image['id']}", headers={"Range": "bytes=1-3"})
    assert (seen.status_code, seen.content, seen.headers["Content-Range"]) == (206, b"PNG", "bytes 1-3/4")


def test_customer_is_made_up(browser: Browser) -> None:
    token = {"csrfmiddlewaretoken": browser.http.cookies["simulator_csrf"], "number": "test-phone-id"}
    made = browser.http.post(f"{browser.url}/customers", data={"name": "Zé", "phone": "11 91234-5678", **token})
    wrong = browser.http.post(f"{browser.url}/customers", data={"name": "Zé", "phone": "123", **token})

    assert made.headers["Location"] == "/simulator/chats/5511912345678/test-phone-id/"
    assert wrong.status_code == 400
    assert 'value="123"' in wrong.text


def test_message_of_the_business_arrives_live_and_is_read(simulator: Simulator, helpdesk: Helpdesk) -> None:
    with open_chat(simulator) as events:
        simulator.send_text("Posso ajudar?")
        wait_until(shows(events, "bubble", "Posso ajudar?"))
        helpdesk.statuses("sent", "delivered", "read")
        wait_until(shows(events, "bubble", 'class="state">read'))
        wait_until(shows(events, "exchange", "Posso ajudar?"))


def test_message_is_read_when_the_chat_is_opened(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.send_text()
    helpdesk.statuses("sent", "delivered")
    simulator.wait_idle()
    with open_chat(simulator):
        helpdesk.statuses("sent", "delivered", "read")


def test_message_with_hidden_receipt_is_never_read(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(outcome="delivered")
    with open_chat(simulator) as events:
        simulator.send_text()
        helpdesk.statuses("sent", "delivered")
        simulator.wait_idle()
        wait_until(shows(events, "bubble", 'class="state">delivered'))
    helpdesk.statuses("sent", "delivered")


def test_chat_of_somebody_else_stays_out_of_the_thread(simulator: Simulator) -> None:
    with open_chat(simulator) as events:
        simulator.says(customer="5521987651234", body="Sou a Beatriz")
        wait_until(shows(events, "person", "Sou a Beatriz"))

    assert not shows(events, "bubble", "Sou a Beatriz")()


def test_person_known_by_number_only_is_called_by_it(simulator: Simulator) -> None:
    simulator.send_text(to="+5511987340021")

    page = simulator.http.get(f"{simulator.url}/chats/5511987340021/test-phone-id/").text
    assert '<span class="person-name">+55 11 98734-0021</span>' in page
    assert ">+5511987340021<" not in page


def test_typing_indicator_shows_and_reads(simulator: Simulator) -> None:
    wamid = simulator.says(body="Oi")["id"]
    typing = {"status": "read", "message_id": wamid, "typing_indicator": {"type": "text"}}
    with open_chat(simulator) as events:
        simulator.graph("POST", "test-phone-id/messages", json={"messaging_product": "whatsapp", **typing})
        wait_until(shows(events, "typing", ""))
        wait_until(shows(events, "bubble", "tick read"))


def bubble_of(simulator: Simulator, browser: Browser, wamid: str) -> int:
    """The number that the page's addresses know a message by."""
    thread = browser.http.get(f"{simulator.url}/{CHAT}/thread").text
    place = thread.index(f'data-wamid="{wamid}"')
    return int(thread[:place].rpartition('id="message-')[2].partition('"')[0])


def test_button_reply_names_the_button(simulator: Simulator, browser: Browser, helpdesk: Helpdesk) -> None:
    buttons = [{"type": "reply", "reply": {"id": name, "title": name.title()}} for name in ("sim", "não")]
    interactive = {"type": "button", "body": {"text": "Confirma?"}, "action": {"buttons": buttons}}
    wamid = simulator.send(type="interactive", interactive=interactive).json()["messages"][0]["id"]
    browser.post(f"messages/{bubble_of(simulator, browser, wamid)}/choices/1")

    reply = last_message(helpdesk)
    assert reply["interactive"] == {"type": "button_reply", "button_reply": {"id": "não", "title": "Não"}}
    assert reply["context"]["id"] == wamid


def test_quick_reply_of_a_template_brings_its_payload(
    simulator: Simulator, browser: Browser, helpdesk: Helpdesk
) -> None:
    components = [
        {"type": "body", "parameters": [{"type": "text", "text": "Maria"}]},
        {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"payload": "GO"}]},
    ]
    template = {"name": "retomar_atendimento", "language": {"code": "pt_BR"}, "components": components}
    wamid = simulator.send(type="template", template=template).json()["messages"][0]["id"]
    pk = bubble_of(simulator, browser, wamid)
    browser.post(f"messages/{pk}/choices/0")

    assert last_message(helpdesk)["button"] == {"payload": "GO", "text": "Sim"}
    assert browser.post(f"messages/{pk}/choices/9").status_code == 404


def test_template_is_shown_with_what_stands_around_its_text(simulator: Simulator, browser: Browser) -> None:
    components = [
        {"type": "header", "parameters": [{"type": "text", "parameter_name": "numero", "text": "42"}]},
        {"type": "body", "parameters": [named("nome", "Maria"), named("transportadora", "Rápido Sul")]},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "42"}]},
    ]
    template = {"name": "acompanhar_pedido", "language": {"code": "pt_BR"}, "components": components}
    simulator.send(type="template", template=template)
    page = browser.http.get(f"{simulator.url}/{CHAT}/thread").text
    for words in ("Pedido 42", "Olá, Maria! O seu pedido já está com a Rápido Sul.", "Casa Acme"):
        assert words in page


def named(name: str, text: str) -> dict[str, str]:
    """A parameter of a template whose placeholders have names."""
    return {"type": "text", "parameter_name": name, "text": text}


def last_message(helpdesk: Helpdesk) -> Any:
    """The newest thing a customer said."""

    def messages() -> list[Any]:
        return [m for webhook in helpdesk.received for m in webhook.value.get("messages", [])]

    helpdesk.wait(lambda _: bool(messages()))
    return messages()[-1]


def test_reaction_edit_and_revocation_are_told(simulator: Simulator, browser: Browser, helpdesk: Helpdesk) -> None:
    wamid = simulator.says(body="Oi")["id"]
    pk = bubble_of(simulator, browser, wamid)
    browser.post(f"messages/{pk}/reaction", data={"emoji": "❤️"})
    browser.post(f"messages/{pk}/reaction", data={"emoji": "❤️"})
    browser.post(f"messages/{pk}/text", data={"text": "Olá"})
    browser.post(f"messages/{pk}/revocation")

    told = [webhook.value["messages"][0] for webhook in helpdesk.wait_for(5)][1:]
    assert told[0]["reaction"] == {"message_id": wamid, "emoji": "❤️"}
    assert told[1]["reaction"] == {"message_id": wamid}
    assert told[2]["edit"]["original_message_id"] == wamid
    assert told[2]["edit"]["message"]["text"] == {"body": "Olá"}
    assert told[3]["revoke"] == {"original_message_id": wamid}


def test_crowd_comes_in_one_post(browser: Browser, helpdesk: Helpdesk) -> None:
    browser.post(f"{CHAT}/mishaps/crowd")

    (webhook,) = helpdesk.wait_for(1)
    assert len({message["from"] for message in webhook.value["messages"]}) == 50
    assert len(webhook.value["contacts"]) == 50


def test_backwards_messages_arrive_last_first(browser: Browser, helpdesk: Helpdesk) -> None:
    browser.post(f"{CHAT}/mishaps/backwards")

    told = [webhook.value["messages"][0] for webhook in helpdesk.wait_for(5)]
    stamps = [int(message["timestamp"]) for message in told]
    assert stamps == sorted(stamps, reverse=True)
    assert len(set(stamps)) == 5


def test_stranger_writes_to_a_number_nobody_knows(browser: Browser, helpdesk: Helpdesk) -> None:
    browser.post(f"{CHAT}/mishaps/stranger")

    assert helpdesk.wait_for(1)[0].value["metadata"]["phone_number_id"] == "404404404404404"


def test_poll_arrives_as_unsupported(browser: Browser, helpdesk: Helpdesk) -> None:
    browser.post(f"{CHAT}/mishaps/poll")

    message = helpdesk.wait_for(1)[0].value["messages"][0]
    assert message["unsupported"] == {"type": "poll_creation"}
    assert message["errors"][0]["code"] == 131051


def test_behaviour_is_set_and_ended_on_the_page(simulator: Simulator, browser: Browser) -> None:
    form = {"customer": MARIA, "answer": "server_error", "remaining": "3", "outcome": "auto", "webhook": "normal"}
    assert "For 3 more messages" in browser.post(f"{CHAT}/behaviour", data=form).text
    assert simulator.send(text={"body": "Oi"}).status_code == 500
    assert browser.post(f"{CHAT}/behaviour", data={**form, "delay_seconds": "-1"}).status_code == 400

    assert "Everything as usual" in browser.post(f"{CHAT}/behaviour/end").text
    assert simulator.send(text={"body": "Oi"}).status_code == 200
