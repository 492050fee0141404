"""A client's connection, whatever it speaks: proved, answered, left. What it hears is written by the hub."""

import asyncio
from collections.abc import Awaitable
from time import perf_counter

import msgspec
from django.conf import settings

from conversations.errors import DomainError
from realtime import drain, hub, proofs
from realtime.answers import Answer, rate_limited, refused, unauthenticated
from realtime.proofs import Proof, Refused, Token
from realtime.requests import BadFrame, Request, decode, done, parse, problem_of
from realtime.session import Session, sign_in
from realtime.sinks import Sink

AUTH_SECONDS = 10.0
"""How long a connection without proof may take to send `auth`."""

OVER_LIMIT_SECONDS = 0.05
"""How long the reply `rate_limited` takes, and with it the next frame: what a flood costs is the same at any speed."""

FRAMES_UNPROVED = 20
"""How many frames of a stranger are looked at: there is nobody yet whose limits they would count against."""


class Auth(msgspec.Struct):
    """The first frame of a connection without proof; later ones prove the same person for longer."""

    token: str


_auth = msgspec.json.Decoder(Auth)


class Connection:
    """`html` and `language` are what the client asked for; an unknown language is the person's own."""

    session: Session | None = None

    def __init__(self, sink: Sink, *, html: bool = False, language: str = "") -> None:
        self.sink = sink
        self._html = html
        self._language = language if language in dict(settings.LANGUAGES) else ""
        self._deadline: asyncio.TimerHandle | None = None
        self._frames_unproved = 0

    @property
    def _spoken(self) -> str:
        return self.session.language if self.session else self._language or settings.LANGUAGE_CODE

    async def open(self, proof: Proof | None) -> None:
        """Sign in, or without proof wait for `auth`. Whoever may not come in is told through the sink."""
        if drain.is_draining():
            self.sink.close(drain.RESTARTING, "restarting")
        elif proof:
            await self._sign_in(proof)
        else:
            late = (proofs.UNAUTHENTICATED, "no proof")
            self._deadline = asyncio.get_running_loop().call_later(AUTH_SECONDS, self.sink.close, *late)

    async def reply(self, frame: str | None) -> bytes:
        """The one answer to a frame; None is one that was not text."""
        try:
            request = parse(frame)
        except BadFrame as bad:
            return await self.refuse(bad)
        return await self.answer(request)

    async def answer(self, request: Request) -> bytes:
        """The one answer to a request."""
        return await self._counted(self._answer(request))

    async def refuse(self, bad: BadFrame) -> bytes:
        """The one answer to what holds no request."""
        return await self._counted(self._refuse(bad))

    async def leave(self) -> None:
        """The client is gone."""
        if self._deadline:
            self._deadline.cancel()
        self.sink.stop()
        if self.session:
            await self.session.vacate()

    async def _counted(self, answering: Awaitable[Answer]) -> bytes:
        came_at = perf_counter()
        answer = await answering
        self.sink.tally.answered(answer.code, perf_counter() - came_at)
        if answer.code == "rate_limited":
            await asyncio.sleep(OVER_LIMIT_SECONDS)
        return answer.text

    async def _answer(self, request: Request) -> Answer:
        if self.session and request.type != "auth":
            return await self.session.answer(request)
        if wait := await self._wait():
            return rate_limited(request, wait, self._spoken)
        return await self._authenticate(request) if request.type == "auth" else unauthenticated(request, self._spoken)

    async def _sign_in(self, proof: Proof) -> Session | None:
        try:
            self.session = await sign_in(hub.current(), self.sink, proof, html=self._html, language=self._language)
        except Refused as refusal:  # once a reply to `auth` is out
            asyncio.get_running_loop().call_soon(self.sink.close, refusal.code, refusal.reason)
        if self._deadline:
            self._deadline.cancel()
        return self.session

    async def _refuse(self, bad: BadFrame) -> Answer:
        """Nonsense counts as a command: answering it is work too."""
        wait = await self._wait()
        if wait:
            return rate_limited(Request("", bad.request_id), wait, self._spoken)
        return refused(bad.request_id, bad.problem)

    async def _wait(self) -> int:
        """Count one frame: 0, or how many milliseconds its sender has to wait."""
        if self.session:
            return await self.session.wait()
        self._frames_unproved += 1
        return 0 if self._frames_unproved <= FRAMES_UNPROVED else round(AUTH_SECONDS * 1000)

    async def _authenticate(self, request: Request) -> Answer:
        try:
            proof = Token(decode(_auth, request.data).token)
        except DomainError as error:
            return refused(request.request_id, problem_of(error))
        session = await self._proved(proof)
        if session is None:
            return unauthenticated(request, self._spoken)
        return Answer(done(request.request_id, session.welcome()))

    async def _proved(self, proof: Proof) -> Session | None:
        if self.session is None:
            return await self._sign_in(proof)
        return self.session if await self.session.renew(proof) else None
