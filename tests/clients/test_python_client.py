"""The Python client on a bad day. With our own server: tests/realtime/test_python_client.py."""

import asyncio

from recado_client import Client
from tests.clients.bad_day import SECONDS, Wire, served


async def test_room_is_joined_again_though_others_have_used_up_what_may_be_asked() -> None:
    def day(connection: int, wire: Wire) -> None:
        wire.say("connected", data={"seq": 2, "heartbeat": 25})
        if connection == 0:
            wire.answer("conversation:join", status="ok")
            wire.close(1011)
            return
        busy = {"code": "rate_limited", "message": "Too many commands.", "fields": {}, "retryAfterMs": 20}
        wire.answer("conversation:join", status="error", error=busy)
        wire.answer("conversation:join", status="ok")
        wire.say("message:new", seq=3, prev=2)

    with served(day) as port:
        async with asyncio.timeout(SECONDS), Client(f"ws://127.0.0.1:{port}/ws/", token="any", since=2) as client:
            await client.join("c-1")
            async for event in client:
                if event.seq == 3:
                    return
