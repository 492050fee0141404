"""The Socket.IO server of this process: who comes in, what they ask, who leaves."""

import asyncio
from typing import Any

import engineio
import msgspec
import socketio
from django.conf import settings
from engineio.payload import Payload
from msgspec import Raw

from realtime import proofs
from realtime.connection import AUTH_SECONDS, Auth, Connection
from realtime.ephemeral import CommandFailed
from realtime.frames import FRAME_BYTES, unnumbered
from realtime.proofs import FORBIDDEN, UNAUTHENTICATED, Proof, Refused, Token
from realtime.requests import BadFrame, Reply, Request
from realtime.socketio.packets import NONSENSE, Packet, WireJson
from realtime.socketio.sink import FINAL, SocketIOSink
from realtime.socketio.transports import Outbox, WebSocket

PING_SECONDS, PONG_SECONDS = 25, 20
MESSAGE_BYTES = 1024 * 1024
"""Of a websocket message or a POST. Commands over FRAME_BYTES are answered `too_large`, larger ones end the session."""

Payload.max_decode_packets = 256  # in one POST; of more than the default 16 all were lost

_reply = msgspec.json.Decoder(Reply).decode


class Engine(engineio.AsyncServer):  # type: ignore[misc]  # python-engineio has no types
    """Engine.IO on our own queue and websockets. Its ids name this process, so that a proxy finds it again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._async: dict[str, Any] = {**self._async, "websocket": WebSocket}

    def create_queue(self, *_args: Any, **_options: Any) -> Outbox:
        return Outbox()

    def generate_id(self) -> str:
        node = f"{settings.SOCKETIO_NODE}." if settings.SOCKETIO_NODE else ""
        return f"{node}{super().generate_id()}"


class Server(socketio.AsyncServer):  # type: ignore[misc]  # python-socketio has no types
    """Sessions by their id. Uses a few of python-socketio's internals, hence the exact pin."""

    def __init__(self) -> None:
        super().__init__(
            async_mode="asgi",
            async_handlers=False,  # the commands of one client are done in their order
            json=WireJson,
            serializer=Packet,
            cors_allowed_origins="*",  # a token may come from anywhere; proofs.py looks at the origin of a cookie
            cors_credentials=False,
            max_http_buffer_size=MESSAGE_BYTES,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
            http_compression=False,  # the proxy's part
        )
        self._connections: dict[str, Connection] = {}
        self.on("connect", self._connect)
        self.on("disconnect", self._disconnect)
        self.on("*", self._answer)

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        self._expect_session(eio_sid)

    def _expect_session(self, eio_sid: str) -> None:
        """Engine.IO connections on which nobody signs in would stay for ever."""
        asyncio.get_running_loop().call_later(AUTH_SECONDS, self._end_idle, eio_sid)

    def _end_idle(self, eio_sid: str) -> None:
        engine = self.eio.sockets.get(eio_sid)
        if engine and self.manager.sid_from_eio_sid(eio_sid, "/") not in self._connections:
            SocketIOSink(engine).end(UNAUTHENTICATED, "no proof")

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any) -> bool:
        scope = environ["asgi.scope"]
        engine = self.eio.sockets[self.manager.eio_sid_from_sid(sid, "/")]
        sink = SocketIOSink(engine)
        connection = self._connections[sid] = Connection(sink, **asked_for(scope))
        try:
            await connection.open(_proof(auth, scope))
        except Refused as refused:
            sink.closed = (refused.code, refused.reason)
        if connection.session is None:
            await asyncio.sleep(0)  # the sink is told in the next turn why not
        if sink.closed or engine.closing:
            await self._disconnect(sid, "refused")
            return self._refuse(sink)
        asyncio.get_running_loop().call_soon(sink.begin)  # right after the packet that tells the client
        return True

    def _refuse(self, sink: SocketIOSink) -> bool:
        code, reason = sink.closed or (UNAUTHENTICATED, "")
        if code in FINAL:
            raise socketio.exceptions.ConnectionRefusedError(reason, {"code": code})
        return False  # the transport ends too, and the client tries again

    async def _disconnect(self, sid: str, _reason: str) -> None:
        connection = self._connections.pop(sid, None)
        if connection:
            self._expect_session(self.manager.eio_sid_from_sid(sid, "/"))
            await connection.leave()

    async def _answer(self, name: str, sid: str, is_awaited: bool, *arguments: Raw) -> Raw | None:  # noqa: FBT001
        connection = self._connections.get(sid)
        if connection is None:
            return None
        try:
            reply = await connection.answer(_request(name, *arguments))
        except BadFrame as bad:
            reply = await connection.refuse(bad)
        if is_awaited:
            connection.sink.tally.messages_out += 1
            return Raw(reply)
        if error := _reply(reply).error:
            connection.sink.say(unnumbered(CommandFailed(command=name, error=error)))
        return None


def asked_for(scope: dict[str, Any]) -> dict[str, Any]:
    """What a client's address says beside its proof."""
    return {
        "html": proofs.query_value(scope, "html") == "1",
        "language": proofs.query_value(scope, "language").lower(),
    }


def _proof(auth: Any, scope: dict[str, Any]) -> Proof:
    """`auth: {token}`, else what the handshake offers. Raises Refused."""
    try:
        return Token(msgspec.convert(auth, Auth).token)
    except msgspec.ValidationError:
        pass
    try:
        offered = proofs.offered(scope)
    except proofs.ForeignOrigin as foreign:
        raise Refused(FORBIDDEN, "foreign origin") from foreign
    if offered is None:
        raise Refused(UNAUTHENTICATED, "no proof")
    return offered


def _request(name: str, data: Raw = Raw(b"{}"), *more: Raw) -> Request:  # noqa: B008 - immutable
    """An event as a command. Raises BadFrame."""
    if name == NONSENSE or more:
        raise BadFrame("bad_request", "Emit a command by its name, with one object.")
    if len(data) > FRAME_BYTES:
        raise BadFrame("too_large", f"A command may have {FRAME_BYTES} bytes.")
    return Request(name, data=Raw(b"{}") if bytes(data) == b"null" else data)


server = Server()
