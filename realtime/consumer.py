"""One websocket: the handshake, the frames that come in, the goodbye. What goes out is written by the hub."""

from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from realtime import proofs
from realtime.connection import Connection
from realtime.sinks import Sink
from realtime.statuses import StatusPumpSocket, StatusTransportSocket
from realtime.websockets import Receive, Scope, Send, websocket_sink


class SocketConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """`/ws/` and `/ws/status`."""

    channel_layer_alias = "none"  # the hub listens for all: spares a subscription, a queue and a task per socket

    connection: Connection | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.connection:
                await self.connection.leave()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without Channels' thread hop per frame for stale connections: threads.py sees to those."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def websocket_connect(self, _message: dict[str, Any]) -> None:
        try:
            proof = proofs.offered(self.scope)
        except proofs.ForeignOrigin:
            await self.send({"type": "websocket.close", "code": proofs.FORBIDDEN})
            return
        # accepted first: browsers see a close code only after the handshake
        await self.send({"type": "websocket.accept", "subprotocol": proofs.subprotocol(self.scope)})
        self.connection = Connection(
            self._sink(),
            html=proofs.query_value(self.scope, "html") == "1",
            language=proofs.query_value(self.scope, "language").lower(),
        )
        await self.connection.open(proof)

    def _sink(self) -> Sink:
        if self.scope["path"].rstrip("/").endswith("/status"):
            return websocket_sink(self.base_send, StatusTransportSocket, StatusPumpSocket)
        return websocket_sink(self.base_send)

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        if self.connection:
            self.connection.sink.say(await self.connection.reply(message.get("text")))

    async def websocket_disconnect(self, _message: dict[str, Any]) -> None:
        raise StopConsumer
