"""How the web process begins and ends."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import LazySettings

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


async def say(server: ApplicationCommunicator, kind: str) -> dict[str, Any]:
    await server.send_input({"type": f"lifespan.{kind}"})
    answer: dict[str, Any] = await server.receive_output(timeout=10)
    return answer


async def test_process_lets_go_of_what_it_held() -> None:
    server = ApplicationCommunicator(application, {"type": "lifespan"})
    assert await say(server, "startup") == {"type": "lifespan.startup.complete"}
    box = letterbox.current()
    assert await say(server, "shutdown") == {"type": "lifespan.shutdown.complete"}
    with pytest.raises(RuntimeError, match="shutdown"):
        box.thread.submit(print)


async def test_process_does_not_start_where_tenants_could_meet(settings: LazySettings) -> None:
    settings.IS_PRODUCTION = True
    server = ApplicationCommunicator(application, {"type": "lifespan"})
    answer = await say(server, "startup")
    assert answer["type"] == "lifespan.startup.failed"
    assert "does not bind the login" in answer["message"]
    server.stop()
