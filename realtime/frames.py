"""From events to what goes down a socket: objects, arrays of objects, websocket frames."""

import struct
from collections.abc import Iterable

import msgspec
from django.utils import timezone
from msgspec import UNSET, UnsetType

from conversations.serializers import exact_moment
from events.catalogue import EventData

FRAME_BYTES = 64 * 1024
"""Of a frame that holds several events. One event larger than this travels alone."""

_encode = msgspec.json.Encoder().encode
_FINAL_TEXT = 0x81


def numbered(seq: int, prev: int, text: bytes) -> bytes:
    """An event as one socket gets it: `prev` is the seq of the event before it that this socket was entitled to."""
    return b'{"seq":%d,"prev":%d,%b' % (seq, prev, text[1:])


def unnumbered(event: EventData) -> bytes:
    """An ephemeral event (realtime/ephemeral.py): without seq, never replayed."""
    return _encode({"type": event.type, "at": exact_moment(timezone.now()), "data": event})


class Event(msgspec.Struct, omit_defaults=True):
    """An event as it is sent, for those who send it in other words."""

    type: str
    data: msgspec.Raw
    seq: int | UnsetType = UNSET
    prev: int | UnsetType = UNSET
    at: str | UnsetType = UNSET


_events = msgspec.json.Decoder(Event | list[Event]).decode


def events_in(document: bytes) -> list[Event]:
    """What stands in one of the `documents`."""
    found = _events(document)
    return found if isinstance(found, list) else [found]


def documents(units: Iterable[list[bytes]]) -> list[bytes]:
    """JSON texts of at most FRAME_BYTES: a lone event as itself, several as arrays.

    A unit is an event followed by its fragments; it is never torn apart.
    """
    found: list[bytes] = []
    batch: list[bytes] = []
    size = 0
    for unit in units:
        length = sum(map(len, unit)) + len(unit)
        if batch and size + length > FRAME_BYTES:
            found.append(_document(batch))
            batch, size = [], 0
        batch += unit
        size += length
    return [*found, _document(batch)] if batch else found


def _document(events: list[bytes]) -> bytes:
    return events[0] if len(events) == 1 else b"[%b]" % b",".join(events)


def websocket_frame(document: bytes) -> bytes:
    """A server's unmasked text frame (RFC 6455, 5.2)."""
    length = len(document)
    if length < 126:  # noqa: PLR2004 - the RFC's thresholds
        return struct.pack("!BB", _FINAL_TEXT, length) + document
    if length < 65536:  # noqa: PLR2004
        return struct.pack("!BBH", _FINAL_TEXT, 126, length) + document
    return struct.pack("!BBQ", _FINAL_TEXT, 127, length) + document
