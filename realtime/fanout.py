"""One batch of events to many sinks: who gets which, every distinct frame encoded once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from realtime.doors import Door
from realtime.frames import documents, numbered
from realtime.messages import Ephemeral, Told
from realtime.sinks import Payload, Sink

K = TypeVar("K")


class Members:
    """Which sinks are in which rooms of a tenant."""

    def __init__(self) -> None:
        self._rooms: defaultdict[str, set[Sink]] = defaultdict(set)
        self._watchers: defaultdict[tuple[str, str], set[Sink]] = defaultdict(set)

    def join(self, sink: Sink, room: str) -> None:
        sink.rooms.add(room)
        self._rooms[room].add(sink)
        if sink.language:
            self._watchers[sink.language, room].add(sink)

    def leave(self, sink: Sink, room: str) -> None:
        sink.rooms.discard(room)
        _remove(self._rooms, room, sink)
        if sink.language:
            _remove(self._watchers, (sink.language, room), sink)

    def hearing(self, rooms: Sequence[str]) -> Collection[Sink]:
        """The sinks that are in at least one of the rooms."""
        if len(rooms) == 1:
            return self._rooms.get(rooms[0], ())
        return set().union(*(self._rooms.get(room, ()) for room in rooms))

    def watching(self, language: str, room: str) -> Collection[Sink]:
        """The sinks in the room that asked for HTML in the language."""
        return self._watchers.get((language, room), ())

    def languages(self) -> set[str]:
        """In which languages HTML is wanted."""
        return {language for language, _ in self._watchers}


def _remove(index: defaultdict[K, set[Sink]], key: K, sink: Sink) -> None:
    index[key].discard(sink)
    if not index[key]:
        del index[key]


class Batch:
    """Events, oldest first, and the sinks they are for. A pick is a bit mask over the batch's parts.

    `move_door` is told of the doors on the way, so that what follows is for those who are then inside.
    """

    def __init__(
        self,
        events: Sequence[Told | Ephemeral],
        members: Members,
        move_door: Callable[[int, Door], None] = lambda _seq, _door: None,
    ) -> None:
        self._move_door = move_door
        self._parts: list[tuple[int | None, bytes]] = []  # (seq of an event, 0 without number, None of a piece; text)
        self._picks: dict[Sink, int] = {}
        self._encoded: dict[tuple[type[Sink], int, int], tuple[Payload, int]] = {}
        for event in events:
            if isinstance(event, Told):
                self._add(event, members)
            else:
                self._pick(0, event, members)

    def _pick(self, seq: int, event: Told | Ephemeral, members: Members) -> int:
        bit, picks = self._part(seq, event.text), self._picks
        for sink in members.hearing(event.rooms):
            picks[sink] = picks.get(sink, 0) | bit
        return bit

    def _add(self, event: Told, members: Members) -> None:
        """Who is let in hears that they are, and who is let out too."""
        if event.door and event.door.opens:
            self._move_door(event.seq, event.door)
        self._tell(event, members)
        if event.door and not event.door.opens:
            self._move_door(event.seq, event.door)

    def _tell(self, event: Told, members: Members) -> None:
        bit, picks = self._pick(event.seq, event, members), self._picks
        for language, pieces in event.pieces.items():
            for piece in pieces:
                piece_bit = self._part(None, piece.text)
                for sink in members.watching(language, piece.room):
                    if picks.get(sink, 0) & bit:  # whoever may not hear the event may not see it either
                        picks[sink] |= piece_bit

    def _part(self, seq: int | None, text: bytes) -> int:
        self._parts.append((seq, text))
        return 1 << (len(self._parts) - 1)

    @property
    def sinks(self) -> Iterable[Sink]:
        """Who gets something."""
        return self._picks.keys()

    def __iter__(self) -> Iterator[tuple[Sink, Payload]]:
        """Each sink with its payload; moves the sink's `prev`."""
        for sink, pick in self._picks.items():
            key = (type(sink), sink.prev, pick)
            encoded = self._encoded.get(key)
            if encoded is None:
                encoded = self._encoded[key] = self._encode(key)
            payload, sink.prev = encoded
            yield sink, payload

    def _encode(self, key: tuple[type[Sink], int, int]) -> tuple[Payload, int]:
        kind, prev, pick = key
        units: list[list[bytes]] = []
        for index, (seq, text) in enumerate(self._parts):
            if not pick >> index & 1:
                continue
            if seq is None:
                units[-1].append(text)
            elif seq:
                units.append([numbered(seq, prev, text)])
                prev = seq
            else:
                units.append([text])
        return kind.encode(documents(units)), prev
