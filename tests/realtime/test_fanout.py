"""Who gets which events of a batch, in which frames."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from realtime import feed as feeds
from realtime.doors import Door
from realtime.fanout import Batch, Members
from realtime.feed import Feed
from realtime.messages import Piece, Told
from realtime.sinks import Sink
from realtime.tally import Transport


class Listener(Sink):
    """Keeps what it is given."""

    __slots__ = ("closed", "taken")

    transport = Transport.WEBSOCKET
    encodings = 0

    def __init__(self, language: str | None = None) -> None:
        super().__init__()
        self.language = language
        self.taken: list[Any] = []
        self.closed: int | None = None

    @staticmethod
    def encode(texts: list[bytes]) -> list[Any]:
        Listener.encodings += 1
        return [json.loads(text) for text in texts]

    def write(self, payload: list[Any]) -> None:
        self.taken += payload

    def close(self, code: int, reason: str) -> None:
        self.closed = code

    def stop(self) -> None: ...

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for frame in self.taken for event in (frame if isinstance(frame, list) else [frame])]

    @property
    def seqs(self) -> list[int]:
        return [event["seq"] for event in self.events]


def told(seq: int, *rooms: str, **pieces: list[Piece]) -> Told:
    return Told(seq, rooms or ("tenant",), b'{"type":"x"}', pieces)


def piece(seq: int, room: str) -> Piece:
    return Piece(room, b'{"type":"board:fragments","seq":%d,"room":"%b"}' % (seq, room.encode()))


def members(*sinks: Sink) -> Members:
    found = Members()
    for sink in sinks:
        found.join(sink, "tenant")
    return found


def write(events: list[Told], to: Members) -> None:
    for sink, payload in Batch(events, to):
        sink.write(payload)


def test_batch_gives_each_sink_its_events_and_its_prev() -> None:
    ana, caio = Listener(), Listener()
    rooms = members(ana, caio)
    rooms.join(ana, "user:ana")
    ana.prev = caio.prev = 10

    write([told(11), told(12, "user:ana"), told(13)], rooms)

    assert [(event["seq"], event["prev"]) for event in ana.events] == [(11, 10), (12, 11), (13, 12)]
    assert [(event["seq"], event["prev"]) for event in caio.events] == [(11, 10), (13, 11)]
    assert (ana.prev, caio.prev) == (13, 13)


def test_batch_is_encoded_once_for_all_who_are_due_the_same() -> None:
    sinks = [Listener() for _ in range(100)]
    Listener.encodings = 0
    write([told(1), told(2)], members(*sinks))
    assert Listener.encodings == 1
    assert all(sink.seqs == [1, 2] for sink in sinks)


def test_lone_event_is_an_object_and_several_are_an_array() -> None:
    ana = Listener()
    rooms = members(ana)
    write([told(1)], rooms)
    write([told(2), told(3)], rooms)
    assert isinstance(ana.taken[0], dict)
    assert isinstance(ana.taken[1], list)


def test_pieces_reach_only_their_language_and_room_and_only_with_their_event() -> None:
    board, panel, english, plain = Listener("pt-br"), Listener("pt-br"), Listener("en"), Listener()
    rooms = members(board, panel, english, plain)
    rooms.join(panel, "conversation:1")
    pieces = {"pt-br": [piece(1, "tenant"), piece(1, "conversation:1")]}

    write([Told(1, ("tenant",), b'{"type":"x"}', pieces)], rooms)
    write([Told(2, ("user:nobody",), b'{"type":"x"}', {"pt-br": [piece(2, "tenant")]})], rooms)

    assert [event["type"] for event in board.events] == ["x", "board:fragments"]
    assert [event.get("room") for event in panel.events] == [None, "tenant", "conversation:1"]
    assert len(english.events) == len(plain.events) == 1


async def test_feed_puts_events_in_order_and_drops_what_comes_twice() -> None:
    holes: list[Feed] = []
    feed = Feed(uuid4(), 5, holes.append)
    ana = Listener()
    feed.add(ana, ["tenant"], feed.seq)

    feed.hear([told(7)])
    assert (ana.seqs, holes, feed.is_behind()) == ([], [feed], True)
    feed.hear([told(6)])
    feed.hear([told(6), told(7)])

    assert (ana.seqs, feed.seq, feed.is_behind()) == ([6, 7], 7, False)


async def test_feed_keeps_the_copy_with_fragments_when_the_log_brings_the_other() -> None:
    feed = Feed(uuid4(), 0, lambda _: None)
    board = Listener("en")
    feed.add(board, ["tenant"], feed.seq)
    feed.hear([Told(2, ("tenant",), b'{"type":"x"}', {"en": [piece(2, "tenant")]})])
    feed.hear([told(1), told(2)])
    assert [event["type"] for event in board.events] == ["x", "x", "board:fragments"]


async def test_feed_sends_the_first_at_once_and_the_next_ones_together() -> None:
    feed = Feed(uuid4(), 0, lambda _: None)
    ana = Listener()
    feed.add(ana, ["tenant"], feed.seq)
    for seq in range(1, 5):
        feed.hear([told(seq)])
    assert ana.seqs == [1]
    await _until_heard(ana, 4)
    assert [isinstance(frame, list) for frame in ana.taken] == [False, True]


async def test_feed_that_lost_pruned_events_shows_the_hole() -> None:
    feed = Feed(uuid4(), 3, lambda _: None)
    ana = Listener()
    feed.add(ana, ["tenant"], feed.seq)
    feed.hear([told(10)])
    feed.skip_to(9)
    feed.hear([told(10)])
    assert (ana.events[0]["seq"], ana.events[0]["prev"]) == (10, 9)  # ana knew 3: she asks, and is told to reload


async def test_large_fanout_lets_others_run_and_keeps_order() -> None:
    feed = Feed(uuid4(), 0, lambda _: None)
    sinks = [Listener() for _ in range(feeds.CHUNK + 1)]
    for sink in sinks:
        feed.add(sink, ["tenant"], feed.seq)
    feed.hear([told(1)])
    assert sum(sink.seqs == [1] for sink in sinks) == feeds.CHUNK
    feed.hear([told(2)])
    late = Listener()
    feed.add(late, ["tenant"], feed.seq)
    for sink in sinks:
        await _until_heard(sink, 2)
        assert sink.seqs == [1, 2]
    assert (late.seqs, late.events[0]["prev"]) == ([2], 1)


async def test_door_that_moved_after_the_rooms_were_read_is_passed_on_coming_in() -> None:
    feed = Feed(uuid4(), 0, lambda _: None)
    door = Door(people=("user:1",), rooms=("members:1",), opens=False)
    feed.hear([Told(1, ("members:1", "user:1"), b'{"type":"group:left"}', door=door)])
    before, after = Listener(), Listener()
    feed.add(before, ["user:1", "members:1"], known=0)
    feed.add(after, ["user:1", "members:1"], known=1)  # invited again before: the rooms are newer than the door
    feed.hear([told(2, "members:1")])
    await _until_heard(after, 1)
    assert (before.seqs, after.seqs) == ([], [2])


async def test_sink_that_left_hears_no_more() -> None:
    feed = Feed(uuid4(), 0, lambda _: None)
    ana = Listener("en")
    feed.add(ana, ["tenant", "user:1"], feed.seq)
    feed.remove(ana)
    feed.join(ana, "conversation:1", feed.seq)
    feed.hear([told(1), told(2, "conversation:1")])
    assert (ana.taken, ana.rooms, feed.members.languages()) == ([], set(), set())


async def _until_heard(listener: Listener, count: int) -> None:
    async with asyncio.timeout(5):
        while len(listener.seqs) < count:  # noqa: ASYNC110 - a listener sets no events
            await asyncio.sleep(0)
