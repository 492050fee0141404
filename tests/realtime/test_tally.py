"""Counting, and what is said of the counts."""

from uuid import uuid4

import pytest

from realtime import meter as meters
from realtime.meter import Meter
from realtime.tally import BOUNDS, Tally, Transport


def answered(*seconds: float) -> Tally:
    tally = Tally()
    for each in seconds:
        tally.answered("", each)
    return tally


def test_quantile_is_as_exact_as_the_buckets() -> None:
    tally = answered(*[0.0012] * 94, *[0.018] * 6)
    assert 0.001 < (tally.quantile(0.5) or 0) <= 0.0015
    assert 0.015 < (tally.quantile(0.95) or 0) <= 0.02
    assert tally.average == pytest.approx(0.00221, abs=0.00001)


def test_what_takes_for_ever_counts_as_the_last_bound() -> None:
    assert answered(1000.0).quantile(0.95) == BOUNDS[-1]


def test_nothing_answered_has_no_times() -> None:
    assert (Tally().average, Tally().quantile(0.95)) == (None, None)


def test_difference_is_what_happened_since() -> None:
    tally = answered(0.01)
    tally.connections = 3
    before = tally.copy()
    tally.answered("rate_limited", 0.02)
    tally.connections = 2
    since = tally - before
    assert (since.connections, since.messages_in, since.errors) == (2, 1, {"rate_limited": 1})
    assert (since + since).messages_in == 2
    assert before.messages_in == 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    found = Clock()
    monkeypatch.setattr(meters, "time", found)
    return found


class Clock:
    """Time goes by when it is told to."""

    now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    perf_counter = monotonic


def test_window_forgets_what_was_more_than_a_minute_ago(clock: "Clock") -> None:
    meter = Meter()
    key = (None, Transport.TCP)
    meter.tally(*key).answered("", 0.5)
    meter.late(0.2)
    clock.now += 10
    found = meter.recent()
    assert (found.tallies[key].messages_in, found.seconds, found.lag) == (1, 10, 0.2)
    for _ in range(13):
        clock.now += 5
        found = meter.recent()
    assert (found.tallies[key].messages_in, found.lag) == (0, 0)
    assert found.seconds <= 70
    assert meter.tally(*key).messages_in == 1


def test_whoever_asks_no_more_polls_no_more(clock: "Clock") -> None:
    meter = Meter()
    tenant, ana = uuid4(), uuid4()
    with meter.polling(tenant, ana):
        pass
    tally = meter.tally(tenant, Transport.POLLING)
    assert tally.connections == 1
    clock.now += 61
    meter.pollers.forget()
    assert tally.connections == 0
