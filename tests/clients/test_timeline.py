"""The Python client's order of events: whatever is lost, doubled or fetched, each is handed over once and in order."""

from hypothesis import given
from hypothesis import strategies as st

from recado_client.events import Event, Timeline

FATES = st.lists(st.sampled_from(["heard", "lost", "twice", "not ours"]), min_size=1, max_size=40)


def numbered(seqs: list[int]) -> list[Event]:
    """As one socket gets them: `prev` is the one before that was ours."""
    return [Event("e", {}, seq, prev) for seq, prev in zip(seqs, [0, *seqs], strict=False)]


@given(FATES, st.randoms(use_true_random=False))
def test_timeline_hands_over_every_event_once_and_in_order(fates: list[str], chance: object) -> None:
    ours = [seq for seq, fate in enumerate(fates, 1) if fate != "not ours"]
    timeline, log, got = Timeline(0), {event.seq: event for event in numbered(ours)}, list[Event]()

    def fetch() -> None:
        missed = [event for seq, event in log.items() if seq and seq > (timeline.seen or 0)]
        got.extend(timeline.fetched(missed, len(fates)))
        got.extend(timeline.release())

    for event in numbered(ours):
        fate = fates[(event.seq or 0) - 1]
        for _ in range({"lost": 0, "twice": 2}.get(fate, 1)):
            got.extend(timeline.take(event))
        if timeline.is_behind and chance.random() < 0.3:  # type: ignore[attr-defined]
            fetch()
    timeline.know(len(fates))
    if timeline.is_behind:
        fetch()

    assert [event.seq for event in got] == ours
    assert not timeline.is_behind


def test_timeline_begins_with_the_first_connection() -> None:
    timeline = Timeline()
    timeline.know(5)
    assert (timeline.seen, timeline.is_behind) == (5, False)
    timeline.know(7)
    assert timeline.is_behind


def test_timeline_lets_pass_what_is_about_the_moment() -> None:
    timeline = Timeline(5)
    for event in (Event("connected", {}), Event("message.status", {}, seq=3)):
        assert timeline.take(event) == [event]
    assert timeline.seen == 5
