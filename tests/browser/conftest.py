"""Chromium before the real application; the test's own process plays customers and colleagues."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from accounts.models import User
from tests.cast import Company
from tests.chromium import chromium
from tests.realtime.serving import Program, serve
from tests.waiting import eventually

SWITCHES = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",
]
HERE = Path(__file__).parent
COOKIE = settings.SESSION_COOKIE_NAME
PATIENCE = 15_000  # ms: less than the 30 s after which a page without a socket would have asked

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below this folder drives Chromium, and the server sees committed rows only."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(120))
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[Program]:
    with serve(settings.REDIS_URL, PRESENCE_TTL_SECONDS="12") as running:  # whoever closes a page is gone 3 s later
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Its event loop stays in this thread meanwhile, and Django would refuse to query beside it."""
    path = chromium()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        running = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture
def enter(browser: Browser, server: Program, acme: Company) -> Iterator[Open]:
    """`enter("ana", "/")`: a page of somebody who has signed in; any error in its console fails the test."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []
    asked: list[set[Request]] = []

    def run(name: str = "ana", path: str = "/", **options: Any) -> Page:
        defaults = {"locale": "pt-BR", "timezone_id": "America/Sao_Paulo", "viewport": {"width": 1440, "height": 900}}
        context = browser.new_context(base_url=server.http, **{**defaults, **options})
        contexts.append(context)
        if name:
            context.add_cookies([{"name": COOKIE, "value": session_of(acme.people[name]), "url": server.http}])
        page = context.new_page()
        asked.append(unanswered(page))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if is_trouble(said.type, said.text) else None)
        page.goto(path)
        return page

    yield run
    # emptying the tables waits for the server's queries: let none of them wait for the emptying
    for context in contexts:
        context.route("**/*", lambda route: route.abort())
        eventually(lambda context=context: has_heard(context) and not any(asked))  # type: ignore[misc]
        context.close()
    eventually(nobody_queries)
    assert troubles == []


def unanswered(page: Page) -> set[Request]:
    """The requests of a page that wait for their answer, from now on; a closed page waits for none."""
    asked: set[Request] = set()
    # Playwright takes no built-in methods
    page.on("request", lambda request: asked.add(request))  # noqa: PLW0108
    page.on("requestfinished", lambda request: asked.discard(request))  # noqa: PLW0108
    page.on("requestfailed", lambda request: asked.discard(request))  # noqa: PLW0108
    page.on("close", lambda _: asked.clear())
    return asked


def has_heard(context: BrowserContext) -> bool:
    """Let Playwright take in what has happened."""
    return all(page.evaluate("true") for page in context.pages)


def nobody_queries() -> bool:
    """Whether the server has answered everything it was asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return bool(cursor.fetchone() == (0,))


def is_trouble(kind: str, words: str) -> bool:
    """Errors of scripts and of the content security policy; what a test breaks on purpose is not one."""
    return kind == "error" and not words.startswith(("Failed to load resource", "WebSocket connection"))


def session_of(user: User) -> str:
    """Signs them in; how the form does it is tried by tests/flows/test_screens.py."""
    client = Client()
    client.force_login(user)
    return client.cookies[COOKIE].value
