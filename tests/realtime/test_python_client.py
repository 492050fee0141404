"""The Python client against a real server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.core.cache import cache

from recado_client import Client, Closed, CommandError, Event, SignInFailed
from tests.cast import PASSWORD, Company
from tests.realtime.client import token
from tests.realtime.happenings import conversation_with, happen, happen_unheard
from tests.realtime.serving import Program, free_port, serve, serve_on

pytestmark = pytest.mark.django_db(transaction=True)

in_thread = database_sync_to_async


async def next_of(client: Client, kind: str) -> Event:
    """The next event of a kind."""
    async with asyncio.timeout(20):
        async for event in client:
            if event.type == kind:
                return event
    raise AssertionError("the events ended")


async def numbers(client: Client, count: int) -> list[Any]:
    return [(await next_of(client, "conversation:updated")).data["updates"]["number"] for _ in range(count)]


@asynccontextmanager
async def connected(url: str, **options: Any) -> AsyncIterator[Client]:
    async with Client(url, **options) as client:
        await next_of(client, "connected")
        yield client


async def test_client_asks_and_hears(server: Program, acme: Company) -> None:
    conversation_id = str((await in_thread(conversation_with)(acme)).pk)
    async with connected(server.http, token=await in_thread(token)(acme.ana)) as client:
        sent = await client.ask("message:send", {"conversationId": conversation_id, "clientId": "a", "content": "Oi"})
        assert (await next_of(client, "message:new")).data["message"] == sent
        with pytest.raises(CommandError) as error:
            await client.ask("conversation:get", {"conversationId": "x"})
        assert (error.value.code, list(error.value.fields)) == ("bad_request", ["conversationId"])


async def test_client_signs_in_with_a_password(server: Program, acme: Company) -> None:
    await in_thread(cache.clear)()
    async with connected(server.http, email="ana@acme.test", password=PASSWORD) as client:
        assert await client.ask("ping")
    with pytest.raises(SignInFailed):
        await Client(server.http, email="ana@acme.test", password="wrong").__aenter__()


async def test_client_catches_up_after_a_break_and_joins_again(server: Program, acme: Company) -> None:
    conversation_id = str((await in_thread(conversation_with)(acme)).pk)
    room = [f"conversation:{conversation_id}"]
    async with connected(server.http, token=await in_thread(token)(acme.ana)) as client:
        await client.join(conversation_id)
        await in_thread(happen)(acme.tenant, 1, 2)
        assert await numbers(client, 2) == [1, 2]
        assert client._socket
        client._socket.transport.abort()
        await in_thread(happen_unheard)(acme.tenant, 3, 4)
        assert await numbers(client, 2) == [3, 4]

        await client.ask("conversation:list")  # the room was joined before
        await in_thread(happen)(acme.tenant, 5, audience=room)
        await in_thread(happen)(acme.tenant, 6)
        assert await numbers(client, 2) == [5, 6]


async def test_client_goes_on_where_an_earlier_one_ended(server: Program, acme: Company) -> None:
    proof = await in_thread(token)(acme.ana)
    await in_thread(happen_unheard)(acme.tenant, 1, 2, 3)
    async with connected(server.http, token=proof, since=1) as client:
        assert await numbers(client, 2) == [2, 3]
        assert client.seen == 3
    async with connected(server.http, token=proof, since=99) as client:
        assert (await next_of(client, "resync")).seq == 3


async def test_client_gives_up_when_it_is_not_wanted(server: Program, acme: Company) -> None:
    async with Client(server.http, token="nonsense") as client:
        with pytest.raises(Closed, match="4401"):
            await next_of(client, "connected")
        with pytest.raises(Closed):
            await client.ask("ping")
    async with connected(server.http, token=await in_thread(token)(acme.ana)) as client:
        await client.ask("logout")
        with pytest.raises(Closed, match="1000"):
            await next_of(client, "never")


async def test_client_raises_what_its_token_function_raised(server: Program, acme: Company) -> None:
    proofs: Iterator[str] = iter([await in_thread(token)(acme.ana)])

    async def get() -> str:
        for proof in proofs:
            return proof
        raise LookupError("no more tokens")

    async with connected(server.http, token=get) as client:
        assert client._socket
        client._socket.transport.abort()
        for _ in range(2):
            with pytest.raises(LookupError, match="no more tokens"):
                await next_of(client, "never")
            with pytest.raises(LookupError, match="no more tokens"):
                await client.ask("ping")


async def test_client_says_that_nobody_is_there() -> None:
    with pytest.raises(OSError, match="Connect"):
        await Client(f"http://127.0.0.1:{free_port()}", token="any").__aenter__()


@pytest.mark.timeout(180)
async def test_client_returns_after_a_restart(acme: Company) -> None:
    proof = await in_thread(token)(acme.ana)
    first = await in_thread(serve)(settings.REDIS_URL)
    with first:
        async with connected(first.http, token=proof) as client:
            first.terminate()
            assert (await next_of(client, "server:shutdown")).data == {"reason": "restart"}
            await in_thread(first.process.wait)(30)
            await in_thread(happen_unheard)(acme.tenant, 1)
            with await in_thread(serve_on)(first.port, settings.REDIS_URL):
                async with asyncio.timeout(60):
                    assert await numbers(client, 1) == [1]
