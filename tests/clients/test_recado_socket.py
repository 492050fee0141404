"""The JavaScript client on a bad day. With our own server, in Chromium: tests/browser/test_client.py."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from tests.clients.bad_day import SECONDS, Day, Wire, served

SCRIPT = Path(__file__).with_name("recado_socket.mjs")


@contextmanager
def heard(day: Day, *, seq: int, polled: object = None) -> Iterator[Iterator[list[Any]]]:
    """What happens to a client that has seen `seq`."""
    with served(day, polled=polled) as port:
        command = ["node", str(SCRIPT), f"http://127.0.0.1:{port}", str(seq)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
            assert client.stdout
            limit = Timer(SECONDS, client.kill)
            limit.start()
            try:
                yield map(json.loads, client.stdout)
            finally:
                limit.cancel()
                client.kill()


def until(happened: Iterator[list[Any]], last: list[Any]) -> list[list[Any]]:
    found: list[list[Any]] = []
    while last not in found:
        found.append(next(happened, ["nothing more"]))
        assert found[-1] != ["nothing more"], found
    return found


def events(happened: list[list[Any]]) -> list[Any]:
    return [detail for kind, detail in happened if kind == "event"]


def test_what_polling_fetched_ends_the_catching_up_that_the_socket_began() -> None:
    """Else it says that it is live, and holds everything back for ever."""

    def day(connection: int, wire: Wire) -> None:
        if connection == 0:
            wire.say("connected", data={"seq": 5, "heartbeat": 25})
            wire.say("message:new", seq=7, prev=6)
            wire.answer("events:since", status="error", error={"code": "rate_limited", "message": "Too many."})
        else:
            wire.say("connected", data={"seq": 7, "heartbeat": 25})
            wire.say("message:new", seq=8, prev=7)

    missed = {"events": [{"type": "message:new", "seq": seq, "data": {}} for seq in (6, 7)], "seq": 7, "more": False}
    with heard(day, seq=5, polled=missed) as happened:
        assert events(until(happened, ["event", 8])) == [6, 7, 8]


def test_log_that_was_restored_is_followed_from_where_it_ends() -> None:
    def day(_connection: int, wire: Wire) -> None:
        wire.say("connected", data={"seq": 100, "heartbeat": 25})
        assert wire.answer("events:since", status="ok", data={"resync": True, "seq": 100}) == {"seq": 5000}
        wire.say("message:new", seq=101, prev=100)

    with heard(day, seq=5000) as happened:
        assert until(happened, ["event", 101])[-3:] == [["resync", 100], ["state", "live"], ["event", 101]]


def test_what_came_too_fast_is_asked_again() -> None:
    """Other tabs of the same person use up what they may ask: whoever comes back joins and catches up all the same."""
    busy = {"code": "rate_limited", "message": "Too many commands.", "fields": {}, "retryAfterMs": 20}

    def day(_connection: int, wire: Wire) -> None:
        wire.say("connected", data={"seq": 2, "heartbeat": 25})
        wire.answer("conversation:join", status="error", error=busy)
        wire.answer("events:since", status="error", error=busy)
        for command in ("conversation:join", "events:since"):
            wire.answer(command, status="ok", data={"events": [], "seq": 2, "more": False})
        wire.say("message:new", seq=3, prev=2)

    with heard(day, seq=1) as happened:
        states = [detail for kind, detail in until(happened, ["event", 3]) if kind == "state"]
    assert states == ["connecting", "catching-up", "live"]
