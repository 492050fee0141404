"""What travels on the channel layer: one group per tenant, one message per committed transaction (or a part of it)."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from conversations.serializers import exact_moment
from events.catalogue import EventData
from events.log import Committed
from realtime.doors import Door, door_of
from realtime.frames import unnumbered


class Piece(msgspec.Struct, array_like=True, frozen=True):
    """Rendered fragments of an event: a whole `board:fragments` event for one room, in one language."""

    room: str
    text: bytes


class Told(msgspec.Struct, array_like=True, frozen=True):
    """An event, encoded. `text` lacks `seq` and `prev`, which differ from socket to socket."""

    seq: int
    rooms: tuple[str, ...]
    text: bytes
    pieces: dict[str, list[Piece]] = {}
    door: Door | None = None


class Ephemeral(msgspec.Struct, array_like=True, frozen=True):
    """An event that is heard now or never: it has no seq and is in no log. `text` is all of it, encoded."""

    type: str
    rooms: tuple[str, ...]
    text: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Told]).decode
_decode_ephemerals = msgspec.msgpack.Decoder(list[Ephemeral]).decode


def group(tenant_id: UUID) -> str:
    """The layer group that every process with sockets of the tenant is in."""
    return f"tenant.{tenant_id}"


def told(event: Committed, pieces: dict[str, list[Piece]] | None = None) -> Told:
    """An event of the log, ready for sockets."""
    text = f'{{"type":"{event.type}","at":"{exact_moment(event.at)}","data":{event.data}}}'
    return Told(event.seq, event.audience, text.encode(), pieces or {}, door_of(event))


def passing(rooms: Iterable[str], event: EventData) -> Ephemeral:
    """An event for those who are in one of the rooms now, ready for sockets."""
    return Ephemeral(event.type, tuple(rooms), unnumbered(event))


def events_message(tenant_id: UUID, events: Sequence[Told]) -> dict[str, Any]:
    """Events of a tenant as a layer message."""
    return {"type": "events", "tenant": str(tenant_id), "events": _encode(events)}


def events_of(message: dict[str, Any]) -> list[Told]:
    """The events of a layer message."""
    return _decode(message["events"])


def ephemeral_message(tenant_id: UUID, events: Sequence[Ephemeral]) -> dict[str, Any]:
    """Events without number as a layer message."""
    return {"type": "ephemeral", "tenant": str(tenant_id), "events": _encode(events)}


def ephemerals_of(message: dict[str, Any]) -> list[Ephemeral]:
    """The events of such a message."""
    return _decode_ephemerals(message["events"])
