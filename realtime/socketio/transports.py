"""Under Engine.IO: its websockets on our websocket sinks, and the queue that its polling clients fetch from."""

import asyncio
from typing import Any

from realtime.sinks import Sink
from realtime.socketio.packets import is_engine_packet
from realtime.websockets import Receive, websocket_sink

GOODBYE = 1000


class WebSocket:
    """What engineio takes for a websocket. Writing never waits: who does not read is closed, as on `/ws/`."""

    def __init__(self, handler: Any, _server: Any) -> None:
        self._handler = handler
        self._receive: Receive
        self._sink: Sink

    async def __call__(self, environ: dict[str, Any]) -> str:
        self._receive, send = environ["asgi.receive"], environ["asgi.send"]
        await send({"type": "websocket.accept"})
        self._sink = self._handler.__self__.websocket = websocket_sink(send)  # engineio's socket, for SocketIOSink
        try:
            await self._handler(self)
        finally:
            self._sink.close(GOODBYE, "")
            self._sink.stop()
        return ""

    async def send(self, message: str) -> None:
        self._sink.write(self._sink.encode([message.encode()]))

    async def wait(self) -> str:
        """The next packet. Raises OSError at the end, and for what is no packet: engineio would not survive it."""
        text: str | None = (await self._receive()).get("text")
        if text is None or not is_engine_packet(text):
            raise OSError("closed, or not Engine.IO")
        return text

    async def close(self) -> None:
        self._sink.close(GOODBYE, "")


class Outbox(asyncio.Queue[Any]):
    """Engine.IO's queue of one client. `size` in bytes, about; `unsent` counts also what was just taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.size = self.unsent = 0

    def _put(self, item: Any) -> None:
        super()._put(item)
        self.size += _weight(item)
        self.unsent += 1

    def _get(self) -> Any:
        item = super()._get()
        self.size -= _weight(item)
        return item

    def task_done(self) -> None:
        super().task_done()
        self.unsent -= 1


def _weight(packet: Any) -> int:
    return len(packet.data) if packet and packet.data else 1
