"""Bodies that are too large: refused before they are read, whether they say so or not."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.exceptions import RequestAborted
from pytest_django.fixtures import Settings

from config.bodies import ENVELOPE, Receive, Scope, Send, limited

CHUNK = 256 * 1024


async def reader(_scope: Scope, receive: Receive, send: Send) -> None:
    """Reads all of it, as Django does."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": str(size).encode()})


def ask(path: str, size: int, *, announced: bool) -> tuple[int, int]:
    """The status, and how much of the body was read."""
    headers = [(b"content-length", str(size).encode())] if announced else []
    sent: list[Mapping[str, Any]] = []
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        if read > size:
            raise RequestAborted
        read += CHUNK
        return {"type": "http.request", "body": bytes(CHUNK), "more_body": read < size}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def run() -> None:
        await limited(reader)({"type": "http", "path": path, "headers": headers}, receive, send)

    asyncio.run(run())
    return int(sent[0]["status"]), read


@pytest.fixture(autouse=True)
def _limit(settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 8 * ENVELOPE


@pytest.mark.parametrize("announced", [True, False])
def test_body_within_its_limit_is_read(announced: bool) -> None:
    assert ask("/api/me", 4 * ENVELOPE, announced=announced) == (200, 4 * ENVELOPE)
    assert ask("/api/attachments", 8 * ENVELOPE, announced=announced) == (200, 8 * ENVELOPE)


@pytest.mark.parametrize(("path", "most"), [("/sign-in/", 5 * ENVELOPE), ("/api/uploads/x", 9 * ENVELOPE)])
def test_body_over_its_limit_is_refused(path: str, most: int) -> None:
    assert ask(path, most + CHUNK, announced=True) == (413, 0)
    assert ask(path, 10 * most, announced=False) == (413, most + CHUNK)
