"""A signed-in connection, whatever it speaks: who it is, what it hears, what it asks."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import Error as DatabaseError

from accounts.standing import Verdict
from conversations.serializers import moment
from events.objects import Ref
from realtime import answers
from realtime.answers import Answer
from realtime.commands import REGISTRY, Caller, Command, MembershipLost
from realtime.ephemeral import Connected, Limits, SessionChanged, SessionExpired
from realtime.frames import FRAME_BYTES, unnumbered
from realtime.hub import Hub
from realtime.limits import Bucket, allowance
from realtime.members import Member, review
from realtime.proofs import FORBIDDEN, UNAUTHENTICATED, Proof, Refused
from realtime.requests import Request
from realtime.rooms import ConversationRoom
from realtime.sinks import Sink
from realtime.threads import in_tenant
from realtime.typists import Typing

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 25
"""How often a client should `ping`: the answer carries the newest seq. Liveness is the server's websocket ping."""

GOODBYE = 1000
BROKEN = 1011
TOO_MANY = 4429


async def sign_in(hub: Hub, sink: Sink, proof: Proof, *, html: bool, language: str) -> "Session":
    """Let the owner of the proof hear and ask through this sink; an empty `language` is their own. Raises Refused."""
    try:
        member = await _member(hub, proof)
    except DatabaseError as error:
        raise Refused(BROKEN, "try again") from error
    session = Session(hub, sink, member, language or member.language)
    if not await hub.seats.take(member.user_id, session.id):
        raise Refused(TOO_MANY, "too many sockets")
    session.begin(html=html)
    return session


async def _member(hub: Hub, proof: Proof) -> Member:
    found = await hub.door.answer(proof)
    if isinstance(found, Refused):
        raise found
    return found


class Session:
    """What commands know as their Socket."""

    def __init__(self, hub: Hub, sink: Sink, member: Member, language: str) -> None:
        self.id = uuid4().hex
        self.member, self.language = member, language
        self._hub, self._sink = hub, sink
        self._loop = asyncio.get_running_loop()
        self._is_leaving = self._is_over = False
        self._earshot: dict[str, Sequence[str]] = {}  # by room: where typing in it is heard

    def begin(self, *, html: bool) -> None:
        """Hear from now on, after `connected`."""
        self._sink.language = self.language if html else None
        self._sink.user_id = self.member.user_id
        self._feed = self._hub.attach(self._sink, self.member.tenant_id, self.member.seq, self.member.rooms)
        self._hub.warden.watch(self)
        self._sink.say(unnumbered(self.welcome()))

    async def vacate(self) -> None:
        """The connection is gone."""
        self._hub.warden.forget(self)
        self._hub.detach(self._sink, self.member.tenant_id)
        await self._hub.seats.free(self.id)

    def welcome(self) -> Connected:
        """Also the reply to `auth`."""
        allowed = allowance()
        return Connected(
            user=self.member.user,
            tenant=self.member.tenant,
            socket_id=self.id,
            seq=self._feed.seq,
            expires_at=moment(self.member.admission.expires_at),
            heartbeat=HEARTBEAT_SECONDS,
            away_after=settings.AWAY_AFTER_SECONDS,
            limits=Limits(
                commands_per_minute=allowed.per_minute,
                burst=allowed.burst,
                sockets_per_user=settings.SOCKETS_PER_USER,
                frame_bytes=FRAME_BYTES,
            ),
        )

    async def renew(self, proof: Proof) -> bool:
        """Rest on a further proof from now on, if it names the same person."""
        try:
            member = await _member(self._hub, proof)
        except Refused:
            return False
        if self._is_over or (member.user_id, member.tenant_id) != (self.member.user_id, self.member.tenant_id):
            return False
        grounds = replace(member.admission, standing=self.member.admission.standing)  # what changed is not told yet
        self.member = replace(self.member, admission=grounds)
        self._hub.warden.rests_anew(self)
        return True

    def expire(self, verdict: Verdict) -> None:
        """Tell the client why it is over, and close. Nothing is done for it any more."""
        self._is_over = True
        self._sink.say(unnumbered(SessionExpired(reason=verdict)))
        code = FORBIDDEN if verdict is Verdict.DEACTIVATED else UNAUTHENTICATED
        self._sink.close(code, verdict.replace("_", " "))

    async def review(self) -> None:
        """Ask the doors of its rooms again, and tell the client what has changed."""
        before, known, seq = self.rooms, self.member, self.seq
        found = await in_tenant(known.tenant_id, review, known, before)
        if found is None or self._is_over:  # the warden sees to those who are no members any more
            return
        grounds = replace(self.member.admission, standing=found.admission.standing)  # `renew` may have come between
        self.member = replace(found, admission=grounds)
        self._hub.warden.rests_anew(self)
        self._feed.move(self._sink, before - found.rooms, found.rooms - before, seq)
        if (before, known.user, known.tenant) != (found.rooms, found.user, found.tenant):
            left = sorted(before - found.rooms)
            self._sink.say(unnumbered(SessionChanged(user=found.user, tenant=found.tenant, rooms_left=left)))

    async def answer(self, request: Request) -> Answer:
        """Run what is asked for; the reply. If the connection is to end, then once that has been said."""
        if self._is_over:
            return answers.unauthenticated(request, self.language)
        reply = await self._answer(request)
        if self._is_leaving:
            self._hub.warden.look_now()
            self._loop.call_soon(self._sink.close, GOODBYE, "logged out")
        return reply

    async def _answer(self, request: Request) -> Answer:
        command = REGISTRY.get(request.type) or self._sink.commands.get(request.type)
        wait = await self.wait(command.bucket if command else Bucket.COMMANDS)
        if wait:
            return answers.rate_limited(request, wait, self.language)
        if command is None:
            return answers.unknown_command(request)
        try:
            return await self._run(command, request)
        except MembershipLost:
            self._loop.call_soon(self.expire, Verdict.DEACTIVATED)
            return answers.unauthenticated(request, self.language)
        except Exception:
            logger.exception("%s failed", request.type)
            return answers.internal(request, self.language)

    async def wait(self, bucket: Bucket = Bucket.COMMANDS) -> int:
        """Count one frame: 0, or how many milliseconds its sender has to wait."""
        return await self._hub.limits.take(self.member.user_id, bucket)

    async def _run(self, command: Command[Any], request: Request) -> Answer:
        caller = Caller(self.member.user_id, self, self.seq)
        if command.is_inline:
            return answers.answer(command, caller, request, self.language)
        async with self._hub.turns.of(self.member.user_id):
            return await in_tenant(self.member.tenant_id, answers.answer, command, caller, request, self.language)

    # What a command may do to its socket; from a thread, hence through the loop, where it happens before the reply

    @property
    def seq(self) -> int:
        return self._feed.seq

    @property
    def rooms(self) -> frozenset[str]:
        return frozenset(self._sink.rooms)

    def join(self, room: str, known: int, earshot: Sequence[str] = ()) -> None:
        self._earshot[room] = earshot
        self._loop.call_soon_threadsafe(self._feed.join, self._sink, room, known)

    def be_idle(self, idle: bool) -> None:  # noqa: FBT001 - it is all there is to say
        self._loop.call_soon_threadsafe(self._feed.be_idle, self._sink, idle)

    def start_typing(self, conversation_id: UUID) -> None:
        if self._hub.typists.start(self._typing(conversation_id)):
            self._hub.indicators.show(self.member.tenant_id, conversation_id)

    def stop_typing(self, conversation_id: UUID) -> None:
        self._hub.typists.stop(self._typing(conversation_id))

    def _typing(self, conversation_id: UUID) -> Typing:
        rooms = self._earshot.get(ConversationRoom(conversation_id).name, ())
        user = Ref(id=str(self.member.user_id), name=self.member.user.name, kind="user")
        return Typing(self.member.tenant_id, conversation_id, rooms, user)

    def leave(self, room: str) -> None:
        self._earshot.pop(room, None)
        self._loop.call_soon_threadsafe(self._feed.leave, self._sink, room)

    def end(self) -> None:
        self._is_leaving = True
