"""The registry: what a command is, who calls it and what it may ask of its socket."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar, get_type_hints
from uuid import UUID

import msgspec

from accounts.models import User
from accounts.permissions import Permission, can
from accounts.queries import colleague
from conversations.errors import Forbidden
from realtime.limits import Bucket
from realtime.requests import decode

D = TypeVar("D")
Handler = Callable[["Caller", D], msgspec.Struct]


class Socket(Protocol):
    """What a command may ask of the socket it came through. Safe to call from a thread."""

    @property
    def seq(self) -> int:
        """The newest seq that the socket has been told of."""

    @property
    def rooms(self) -> frozenset[str]: ...

    def join(self, room: str, known: int, earshot: Sequence[str] = ()) -> None:
        """Hear a room whose door was asked when the socket was at the seq `known`: it may have closed since. Those in
        `earshot` hear who is typing in it.
        """

    def leave(self, room: str) -> None: ...

    def be_idle(self, idle: bool) -> None:  # noqa: FBT001 - it is all there is to say
        """Whether its person does nothing there."""

    def start_typing(self, conversation_id: UUID) -> None:
        """Its person writes in a conversation whose room it has joined. Only from an inline command."""

    def stop_typing(self, conversation_id: UUID) -> None: ...

    def end(self) -> None:
        """Close once the reply is out."""


class MembershipLost(Exception):
    """Whoever calls has been deactivated since they connected."""


@dataclass(frozen=True)
class Caller:
    """Who sent a command, and through which socket."""

    user_id: UUID
    socket: Socket
    seq: int
    """The newest that the socket had been told of when the command came."""

    @cached_property
    def user(self) -> User:
        """As the row is now; raises MembershipLost."""
        user = colleague(self.user_id)
        if user is None:
            raise MembershipLost
        return user


@dataclass(frozen=True, slots=True)
class Command(Generic[D]):
    """One entry of the registry. Those without permission are inline: no database, on the event loop."""

    name: str
    data: type[D]
    handler: Handler[D]
    permission: Permission | None
    bucket: Bucket
    decoder: "msgspec.json.Decoder[D]"

    @property
    def is_inline(self) -> bool:
        return self.permission is None

    @property
    def reply(self) -> Any:
        """The type of the reply's data: what the handler says it returns."""
        return get_type_hints(self.handler)["return"]

    def run(self, caller: Caller, data: msgspec.Raw) -> object:
        """The reply's data; raises DomainError, MembershipLost."""
        if self.permission and not can(caller.user, self.permission):
            raise Forbidden
        return self.handler(caller, decode(self.decoder, data))


REGISTRY: dict[str, Command[Any]] = {}


def command(
    name: str,
    data: type[D],
    permission: Permission | None,
    *,
    bucket: Bucket = Bucket.COMMANDS,
    among: dict[str, Command[Any]] = REGISTRY,
) -> Callable[[Handler[D]], Handler[D]]:
    """Register a handler under its name on the wire. Its signature declares data and reply, for the documents too."""

    def register(handler: Handler[D]) -> Handler[D]:
        among[name] = Command(name, data, handler, permission, bucket, msgspec.json.Decoder(data))
        return handler

    return register
