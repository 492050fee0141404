"""Socket.IO's packets: strict about what comes in, encoded once for all sessions that hear the same."""

import re
from typing import Any

import engineio.packet
import msgspec
import socketio.packet
from msgspec import Raw, UnsetType
from socketio.packet import ACK, CONNECT, DISCONNECT, EVENT

from realtime.frames import Event, events_in
from realtime.sinks import Payload, Sink

NONSENSE = ""
"""The name under which a packet arrives that is no event of a client: it is answered like any other command."""

_RESERVED = {"connect", "disconnect", "*"}  # names of python-socketio's own handlers
_SPOKEN = {CONNECT, DISCONNECT, EVENT, ACK}
_ENGINE_PACKET = re.compile(r"4[0-9]|[12356][a-z]{0,5}\Z")
_MESSAGE = b"4"

_encode = msgspec.json.Encoder().encode
_items = msgspec.json.Decoder(list[Raw]).decode
_name = msgspec.json.Decoder(str).decode


def is_engine_packet(text: str) -> bool:
    """Whether Engine.IO can take it: a message, or one of its own short packets."""
    return _ENGINE_PACKET.match(text) is not None


class WireJson:
    """The `json` of python-socketio: what is in a list stays as it was sent, replies go out as they are."""

    @staticmethod
    def dumps(data: Any, **_options: Any) -> str:
        return _encode(data).decode()

    @staticmethod
    def loads(text: str) -> Any:
        try:
            return _items(text) if text.startswith("[") else msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ValueError("not JSON") from error


class Packet(socketio.packet.Packet):  # type: ignore[misc]  # python-socketio has no types
    """A packet whose `decode` never fails. The `data` of an event: name, whether an answer is awaited, arguments."""

    uses_binary_events = False
    packet_type: int
    namespace: str | None
    data: Any

    def decode(self, encoded_packet: str | bytes) -> int:
        """How many binary attachments follow: none are spoken here."""
        try:
            super().decode(encoded_packet)
            self._be_strict()
        except (ValueError, TypeError, LookupError, msgspec.DecodeError):
            self.packet_type, self.namespace = EVENT, None
            self.data = [NONSENSE, self.id is not None]
        return 0

    def _be_strict(self) -> None:
        if self.packet_type not in _SPOKEN:
            raise ValueError("not spoken here")
        if self.packet_type == EVENT:
            name = _name(self.data[0])
            self.data = [NONSENSE if name in _RESERVED else name, self.id is not None, *self.data[1:]]


class _Place(msgspec.Struct):
    """The second argument of every event: what stands beside `data` on the plain socket."""

    seq: int | UnsetType
    prev: int | UnsetType
    at: str | UnsetType


class Packets:
    """Engine.IO messages for many sessions. What a transport needs is made when the first session needs it."""

    def __init__(self, texts: list[bytes]) -> None:
        self._texts = texts
        self._payloads: dict[type[Sink], Payload] = {}
        self._queued: list[engineio.packet.Packet] = []

    def __len__(self) -> int:
        """Bytes, about."""
        return sum(map(len, self._texts))

    def frames(self, kind: type[Sink]) -> Payload:
        """For a websocket of this kind."""
        if kind not in self._payloads:
            self._payloads[kind] = kind.encode(self._texts)
        return self._payloads[kind]

    def queued(self) -> list[engineio.packet.Packet]:
        """For Engine.IO's queue."""
        if not self._queued:
            self._queued = [engineio.packet.Packet(engineio.packet.MESSAGE, text[1:].decode()) for text in self._texts]
        return self._queued


def packets(texts: list[bytes]) -> Packets:
    """Events, and arrays of events, as packets: an event is emitted by its name."""
    return Packets([_packet(event) for text in texts for event in events_in(text)])


def goodbye() -> Packets:
    """Tells the client to stay away: it does not reconnect by itself."""
    return Packets([_MESSAGE + b"%d" % DISCONNECT])


def _packet(event: Event) -> bytes:
    place = _Place(event.seq, event.prev, event.at)
    return _MESSAGE + b"%d%b" % (EVENT, _encode([event.type, event.data, place]))
