"""Sinks of `/ws/status`: once somebody has subscribed, they hear `message.status` of those conversations only."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from events.catalogue import MessageStatusUpdate
from realtime.commands.statuses import STATUS_COMMANDS
from realtime.ephemeral import MessageStatus
from realtime.frames import Event, events_in
from realtime.rooms import StatusRoom
from realtime.sinks import Payload, Sink
from realtime.websockets import PumpSocket, TransportSocket


class Statuses(NamedTuple):
    """What there is to write: as on `/ws/`, and one frame for each status, by its room."""

    everything: Payload
    by_room: list[tuple[str, Payload]]


class StatusDialect(Sink):
    """On top of a websocket sink."""

    __slots__ = ()

    commands = STATUS_COMMANDS

    @classmethod
    def encode(cls, texts: list[bytes]) -> Payload:
        """`Statuses` of what the websocket makes of the same texts."""
        encode = super().encode
        found = [(room, encode([text])) for room, text in statuses(texts)]
        return Statuses(encode(texts), found)

    def say(self, text: bytes) -> None:
        self.tally.messages_out += 1
        super().write(super().encode([text]))  # type: ignore[safe-super]  # a websocket sink's

    def write(self, payload: Payload) -> None:
        write = super().write  # type: ignore[safe-super]
        if not any(map(StatusRoom.is_named, self.rooms)):
            write(payload.everything)
            return
        for room, frame in payload.by_room:
            if room in self.rooms:
                write(frame)


class StatusTransportSocket(StatusDialect, TransportSocket):
    """Under uvicorn."""

    __slots__ = ()


class StatusPumpSocket(StatusDialect, PumpSocket):
    """Under other servers."""

    __slots__ = ()


class _Of(msgspec.Struct, rename="camel"):
    conversation_id: str


_of = msgspec.json.Decoder(_Of).decode
_encode = msgspec.json.Encoder().encode


def statuses(texts: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """The statuses among events: the room that may hear each, and its `message.status`."""
    for text in texts:
        for event in events_in(text):
            if event.type == MessageStatusUpdate.type:
                status = Event(MessageStatus.type, event.data, seq=event.seq, at=event.at)
                yield f"{StatusRoom.PREFIX}{_of(event.data).conversation_id}", _encode(status)
