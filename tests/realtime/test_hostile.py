"""Broken and hostile clients: no traceback in the log, no innocent socket closed, no byte of a neighbour's."""

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from websockets.exceptions import InvalidStatus

from accounts import tokens
from accounts.models import User
from tests.cast import Company
from tests.realtime.client import Socket, socket_of, token
from tests.realtime.happenings import conversation_with, happen
from tests.realtime.serving import Program, serve
from tests.realtime.strange import FRAMES, RawSocket, frame
from tests.realtime.test_connecting import signed_in_cookie

pytestmark = pytest.mark.django_db(transaction=True)

fuzzed = bounded(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "server.log"


@pytest.fixture(scope="module")
def besieged(django_db_setup: None, django_db_blocker: object, log: Path) -> Iterator[Program]:
    """A server whose log is read."""
    with log.open("wb") as out, serve(settings.REDIS_URL, log=out, SOCKET_COMMANDS_PER_MINUTE="60000") as running:
        yield running


@pytest.fixture
def innocent(besieged: Program, globex: Company) -> Iterator[Socket]:
    """The neighbour, who notices nothing."""
    with socket_of(globex.gil, besieged.ws) as gil:
        yield gil
        assert gil.ask("ping")["status"] == "ok"
        assert all(_people_in(event) == [str(globex.gil.pk)] for event in gil.events)  # that they are here themselves


def _people_in(event: dict[str, Any]) -> list[str]:
    assert event["type"] == "presence:changed"
    return [each["userId"] for each in event["data"]["presences"]]


@pytest.fixture(autouse=True)
def _quiet(log: Path) -> Iterator[None]:
    """Nothing that clients send is our mistake."""
    yield
    said = log.read_text("utf-8", "replace")
    assert "Traceback" not in said, said[-3000:]


@pytest.mark.usefixtures("innocent")
def test_every_frame_is_answered_once_and_the_socket_stays(besieged: Program, acme: Company) -> None:
    conversation_with(acme)
    with Socket(f"{besieged.ws}?access_token={token(acme.ana)}&html=1") as hostile:
        hostile.next("connected")

        @fuzzed
        @given(st.lists(FRAMES, min_size=1, max_size=10))
        def nonsense(frames: list[str | bytes]) -> None:
            for each in frames:
                hostile.connection.send(each)
            hostile.connection.send('{"type": "ping", "requestId": "the last"}')
            replies = _replies_until(hostile, "the last")
            assert len(replies) == len(frames) + 1
            assert "internal" not in {reply.get("error", {}).get("code") for reply in replies}

        nonsense()


def _replies_until(hostile: Socket, request_id: str) -> list[dict[str, Any]]:
    replies: list[dict[str, Any]] = []
    while not replies or replies[-1]["requestId"] != request_id:
        found = json.loads(hostile.connection.recv(timeout=20))
        replies += [each for each in (found if isinstance(found, list) else [found]) if each["type"] == "reply"]
    return replies


@pytest.mark.usefixtures("innocent")
def test_bytes_that_are_no_frames_end_that_socket_only(besieged: Program, acme: Company) -> None:
    url = f"{besieged.ws}?access_token={token(acme.ana)}"

    @fuzzed
    @given(st.binary(max_size=400))
    def noise(data: bytes) -> None:
        with RawSocket(url) as hostile:
            hostile.send(data)

    noise()


@pytest.mark.parametrize(
    "data",
    [
        frame(b"\xff\xfe not utf-8"),
        frame(b"\xc3", final=False) + frame(b"\x28", opcode=0),
        frame(b"{}", masked=False),
        frame(b"{}", opcode=3),
        frame(b"{}", opcode=0),
        frame(b"{}", final=False) + frame(b"{}"),
        frame(b"x" * 200, opcode=9),
        frame(b"", opcode=9, final=False),
        frame(b"\x03", opcode=8),
        frame(b"\x00\x00", opcode=8),
        b"\x81\xff" + b"\xff" * 8 + b"key.",
        b"\x81\xff" + (1024 * 1024 + 1).to_bytes(8, "big") + b"key.",
    ],
    ids=["utf-8", "split utf-8", "unmasked", "opcode", "continuation", "unfinished", "ping", "half ping", "close",
         "close code", "length", "large"],
)  # fmt: skip
@pytest.mark.usefixtures("innocent")
def test_broken_frames_end_that_socket_only(besieged: Program, acme: Company, data: bytes) -> None:
    with RawSocket(f"{besieged.ws}?access_token={token(acme.ana)}") as hostile:
        hostile.send(data)
        said = hostile.rest()
        assert b"\x88" in said, said[-100:]  # a closing frame, with the reason


@pytest.mark.usefixtures("innocent")
def test_bytes_that_are_no_http_end_that_connection_only(besieged: Program) -> None:
    @fuzzed
    @given(st.binary(min_size=1, max_size=200))
    def noise(data: bytes) -> None:
        with socket.create_connection(("127.0.0.1", besieged.port), timeout=5) as hostile:
            hostile.sendall(data + b"\r\n\r\n")

    noise()


# Floods


def test_fragments_add_up_to_one_frame(besieged: Program, acme: Company, innocent: Socket) -> None:
    with RawSocket(f"{besieged.ws}?access_token={token(acme.ana)}") as hostile:
        hostile.send(frame(b'{"type":"pi', final=False))
        hostile.send(frame(b'ng",', opcode=0, final=False) + frame(b"", opcode=9))  # a ping may come in between
        hostile.send(frame(b'"requestId":"split"}', opcode=0))
        assert hostile.until(b'"split","status":"ok"')


def test_flood_of_fragments_ends_at_a_megabyte_and_slows_nobody(
    besieged: Program, acme: Company, innocent: Socket
) -> None:
    piece = frame(b"x" * 1000, opcode=0, final=False)
    with RawSocket(f"{besieged.ws}?access_token={token(acme.ana)}") as hostile:
        hostile.send(frame(b"x", final=False))
        slowest = 0.0
        for place in range(1100):
            if not hostile.send(piece):
                break
            if place % 50 == 0:
                slowest = max(slowest, _seconds_of_a_ping(innocent))
        assert (1009).to_bytes(2, "big") in hostile.rest()
    assert slowest < 1


def _seconds_of_a_ping(calm: Socket) -> float:
    asked_at = time.monotonic()
    assert calm.ask("ping")["status"] == "ok"
    return time.monotonic() - asked_at


# Proofs


def forged(user: User, *, key: str = "", algorithm: str = "HS256", **claims: Any) -> str:
    """A token with everything in it that a real one has, and something wrong."""
    real = tokens.issue(user).access_token.payload
    return jwt.encode({**real, **claims}, key or settings.SECRET_KEY, algorithm=algorithm)


def unsigned(user: User, algorithm: str = "none") -> str:
    def part(data: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    payload = tokens.issue(user).access_token.payload
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(payload)}."


def signed_by_nothing(user: User) -> str:
    head, payload, _ = token(user).split(".")
    digest = hmac.new(b"", f"{head}.{payload}".encode(), hashlib.sha256).digest()
    return f"{head}.{payload}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def of_somebody_else(user: User) -> str:
    """The payload of one, the signature of another."""
    other = User.objects.exclude(tenant=user.tenant).get()
    head, _, signature = token(user).split(".")
    return ".".join([head, token(other).split(".")[1], signature])


BAD_TOKENS: dict[str, Callable[[User], str]] = {
    "another key": lambda user: forged(user, key="k" * 64),
    "expired": lambda user: forged(user, exp=int(time.time()) - 1),
    "alg none": unsigned,
    "alg None": lambda user: unsigned(user, "None"),
    "empty key": signed_by_nothing,
    "refresh": lambda user: str(tokens.issue(user)),
    "other payload": of_somebody_else,
    "another person": lambda user: forged(user, user_id=str(User.objects.exclude(tenant=user.tenant).get().pk)),
    "nobody": lambda user: forged(user, user_id="0192d0f1-7c5e-7c5e-8c5e-7c5e7c5e7c5e"),
    "no id": lambda user: forged(user, user_id=[1]),
    "no session": lambda user: forged(user, session=None),
    "nul": lambda user: forged(user, user_id="\0"),
}


@pytest.mark.parametrize("name", BAD_TOKENS)
@pytest.mark.usefixtures("innocent")
def test_bad_token_closes_4401_wherever_it_is_shown(besieged: Program, acme: Company, name: str) -> None:
    bad = BAD_TOKENS[name](acme.ana)
    with Socket(f"{besieged.ws}?access_token={bad}") as in_query:
        assert in_query.close_code() == 4401
    with Socket(besieged.ws) as in_frame:
        assert in_frame.ask("auth", token=bad)["error"]["code"] == "unauthenticated"
        assert in_frame.close_code() == 4401


def test_neighbours_token_does_not_take_over_a_socket(besieged: Program, acme: Company, globex: Company) -> None:
    with socket_of(acme.ana, besieged.ws) as ana:
        assert ana.ask("auth", token=token(globex.gil))["error"]["code"] == "unauthenticated"
        happen(globex.tenant, 1)
        happen(acme.tenant, 2)
        assert ana.next("conversation:updated")["data"]["updates"]["number"] == 2


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "null", "http://127.0.0.1.evil.test", "file://", "x", "http://["]
)
def test_page_of_another_site_cannot_ride_on_the_cookie(besieged: Program, acme: Company, origin: str) -> None:
    riding = {"Cookie": signed_in_cookie(acme)}
    with pytest.raises(InvalidStatus, match="403"), Socket(besieged.ws, origin=origin, additional_headers=riding):
        pass
    with Socket(f"{besieged.ws}?access_token=x", origin=origin, additional_headers=riding) as socket:
        assert socket.close_code() == 4401  # a bad token never falls back to the cookie


def test_token_that_runs_out_while_a_flood_goes_on_ends_it(besieged: Program, acme: Company) -> None:
    access = tokens.issue(acme.ana).access_token
    access.set_exp(lifetime=timedelta(seconds=2))
    with RawSocket(f"{besieged.ws}?access_token={access}") as hostile:
        hostile.send(frame(b'{"type":"ping"}') * 1000)
        said = hostile.until((4401).to_bytes(2, "big") + b"expired")
    assert b'"session:expired"' in said
