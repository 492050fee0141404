"""The phone as a person uses it, in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import chromium
from tests.simulator.parts import MARIA, Helpdesk, Simulator

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, simulator: Simulator) -> Iterator[Page]:
    """Maria's chat with Acme; a word in the console fails the test."""
    words: list[str] = []
    page = browser.new_page(locale="en-US", permissions=["microphone"])
    page.on("console", lambda message: words.append(message.text))
    page.on("pageerror", lambda error: words.append(str(error)))
    page.goto(f"{simulator.url}/chats/{MARIA}/test-phone-id/")
    yield page
    page.close()
    assert words == []


def test_person_and_business_talk(page: Page, simulator: Simulator, helpdesk: Helpdesk) -> None:
    page.get_by_placeholder("Message").fill("Good morning & <b>hello</b>")
    page.keyboard.press("Enter")
    expect(page.locator(".own")).to_contain_text("Good morning & <b>hello</b>")
    expect(page.locator(".own .tick.delivered")).to_be_visible()

    buttons = [{"type": "reply", "reply": {"id": "y", "title": "Yes please"}}]
    offer = {"type": "button", "body": {"text": "Shall we call you?"}, "action": {"buttons": buttons}}
    simulator.send(type="interactive", interactive=offer)
    page.get_by_role("button", name="Yes please").click()
    expect(page.locator(".own").nth(1).locator(".quote")).to_contain_text("Shall we call you?")
    helpdesk.wait(lambda received: any("read" in str(webhook.raw) for webhook in received))


def test_person_records_a_voice_note(page: Page, helpdesk: Helpdesk) -> None:
    record = page.locator("[data-record]")
    record.click()
    expect(page.locator("[data-seconds]")).to_have_text("0:01")
    record.click()
    expect(page.locator(".own audio")).to_be_visible()

    audio = helpdesk.wait_for(1)[0].value["messages"][0]["audio"]
    assert (audio["mime_type"], audio["voice"]) == ("audio/ogg; codecs=opus", True)
    seconds = page.locator(".own audio").evaluate(
        "sound => sound.duration || new Promise(done => { sound.onloadedmetadata = () => done(sound.duration) })"
    )
    assert 0.5 < seconds < 5


def test_what_happens_next_is_saved_and_shown_everywhere(page: Page, simulator: Simulator) -> None:
    page.get_by_label("Meta answers a send").select_option("server_error")
    expect(page.locator(".verdict")).to_contain_text("Until you change it")
    page.get_by_label("Next messages").fill("1")
    page.keyboard.press("Tab")
    expect(page.locator(".verdict")).to_contain_text("For 1 more message")

    assert simulator.send(text={"body": "Oi"}).status_code == 500
    expect(page.locator(".verdict")).to_contain_text("Everything as usual")
    expect(page.locator(".exchange").first).to_contain_text("500")
