"""One websocket: the handshake, the frames that come in, the goodbye. What goes out is written by the hub."""

import asyncio
from typing import Any

import msgspec
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings

from conversations.errors import DomainError
from realtime import drain, hub, proofs
from realtime.answers import rate_limited, unauthenticated
from realtime.proofs import Proof, Refused, Token
from realtime.requests import BadFrame, Request, decode, done, failed, parse, problem_of
from realtime.session import Session, sign_in
from realtime.sinks import Sink
from realtime.websockets import Receive, Scope, Send, websocket_sink

AUTH_SECONDS = 10.0
"""How long a socket without proof in its handshake may take to send the `auth` frame."""


class Auth(msgspec.Struct):
    """The first frame of a socket without proof in its handshake; later ones must prove the same person."""

    token: str


_auth = msgspec.json.Decoder(Auth)


class SocketConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """`/ws/` and `/ws/status`."""

    channel_layer_alias = "none"  # the hub listens for all: spares a subscription, a queue and a task per socket

    sink: Sink | None = None
    session: Session | None = None
    _deadline: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._leave()

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
        self.sink = websocket_sink(self.base_send)
        if drain.is_draining():
            self.sink.close(drain.RESTARTING, "restarting")
        elif proof:
            await self._sign_in(self.sink, proof)
        else:
            late = (proofs.UNAUTHENTICATED, "no proof")
            self._deadline = asyncio.get_running_loop().call_later(AUTH_SECONDS, self.sink.close, *late)

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        if self.sink is not None:
            self.sink.say(await self._reply(self.sink, message.get("text")))

    async def websocket_disconnect(self, _message: dict[str, Any]) -> None:
        raise StopConsumer

    async def _sign_in(self, sink: Sink, proof: Proof) -> Session | None:
        language = proofs.query_value(self.scope, "language").lower()
        html = proofs.query_value(self.scope, "html") == "1"
        known = language if language in dict(settings.LANGUAGES) else ""
        try:
            self.session = await sign_in(hub.current(), sink, proof, html=html, language=known)
        except Refused as refused:
            sink.close(refused.code, refused.reason)
        if self._deadline:
            self._deadline.cancel()
        return self.session

    async def _reply(self, sink: Sink, frame: str | None) -> bytes:
        try:
            request = parse(frame)
        except BadFrame as bad:
            return await self._refuse(bad)
        if request.type == "auth":
            return await self._authenticate(sink, request)
        return await self.session.answer(request) if self.session else unauthenticated(request)

    async def _refuse(self, bad: BadFrame) -> bytes:
        """Nonsense counts as a command: answering it is work too."""
        wait = await self.session.wait() if self.session else 0
        return rate_limited(Request("", bad.request_id), wait) if wait else failed(bad.request_id, bad.problem)

    async def _authenticate(self, sink: Sink, request: Request) -> bytes:
        try:
            proof = Token(decode(_auth, request.data).token)
        except DomainError as error:
            return failed(request.request_id, problem_of(error))
        if self.session:
            same = await self.session.is_proved_by(proof)
            return done(request.request_id, self.session.welcome()) if same else unauthenticated(request)
        session = await self._sign_in(sink, proof)
        return done(request.request_id, session.welcome()) if session else unauthenticated(request)

    async def _leave(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        if self.sink:
            self.sink.stop()
        if self.session:
            await self.session.vacate()
