"""How the web process begins and ends."""

import asyncio
import signal
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pytest_django import Settings

from config.asgi import application
from whatsapp import letterbox

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    """The process wraps its server's handlers; here they are pytest's."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


class Server:
    """The lifespan side of an ASGI server."""

    def __init__(self) -> None:
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._answers: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self.process = asyncio.ensure_future(application({"type": "lifespan"}, self._said.get, self._answers.put))

    async def say(self, kind: str) -> Mapping[str, Any]:
        """Announce something; the answer."""
        await self._said.put({"type": f"lifespan.{kind}"})
        return await asyncio.wait_for(self._answers.get(), 10)


async def test_process_lets_go_of_what_it_held() -> None:
    server = Server()
    assert await server.say("startup") == {"type": "lifespan.startup.complete"}
    box = letterbox.current()
    assert await server.say("shutdown") == {"type": "lifespan.shutdown.complete"}
    with pytest.raises(RuntimeError, match="shutdown"):
        box.thread.submit(print)
    await server.process


async def test_process_does_not_start_where_tenants_could_meet(settings: Settings) -> None:
    settings.IS_PRODUCTION = True
    server = Server()
    answer = await server.say("startup")
    assert answer["type"] == "lifespan.startup.failed"
    assert "does not bind the login" in answer["message"]
    server.process.cancel()
