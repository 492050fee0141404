"""Figures of connections, out of what processes wrote to Redis."""

import time
from collections.abc import Callable, Iterator

import msgspec
import pytest

from config import metrics
from realtime.figures import About, _key, _Written
from realtime.stats import PROCESSES
from realtime.store import synchronous
from realtime.tally import Tally, Transport

encode = msgspec.msgpack.encode


@pytest.fixture
def write() -> Iterator[Callable[..., None]]:
    """Write what a process has counted."""
    redis, written = synchronous(), []
    redis.delete(PROCESSES)

    def run(name: str, tally: Tally, *, is_web: bool = True) -> None:
        written.append(_key(name))
        redis.sadd(PROCESSES, name)
        about = About("vm", 4711, time.time(), 60.0, 0.25, 3, is_web)
        traffic = {Transport.TCP: _Written(tally, tally)}
        redis.hset(_key(name), mapping={"process": encode(about), "nobody": encode(traffic)})

    yield run
    redis.delete(PROCESSES, *written)


def lines() -> list[str]:
    return metrics.text().decode().splitlines()


@pytest.mark.django_db
def test_a_gateway_is_no_web_process(write: Callable[..., None]) -> None:
    write("web", Tally())
    write("gateway", Tally(connections=2), is_web=False)
    assert "recado_web_processes 1.0" in lines()
    assert 'recado_sockets{process="gateway",transport="tcp"} 2.0' in lines()
    assert 'recado_event_loop_lag_seconds{process="gateway"} 0.25' in lines()
    assert 'recado_events_behind{process="web"} 3.0' in lines()


@pytest.mark.django_db
def test_buckets_hold_all_that_took_no_longer(write: Callable[..., None]) -> None:
    tally = Tally()
    for seconds in (0.002, 0.15, 0.15, 60):
        tally.answered("conflict" if seconds == 60 else "", seconds)
    write("web", tally)
    buckets = [line for line in lines() if 'transport="tcp"' in line and "_bucket" in line]
    assert [float(line.split()[1]) for line in buckets] == sorted([0.0] * 3 + [1.0] * 13 + [3.0] * 9 + [4.0])
    assert 'recado_socket_command_seconds_count{process="web",transport="tcp"} 4.0' in lines()
    assert 'recado_socket_errors_total{code="conflict",process="web",transport="tcp"} 1.0' in lines()
