"""Parts are killed and stopped under load; in the end database and sockets hold what was acknowledged."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from tests.stack import Listener, Stack
from tests.waiting import eventually
from tests.webhooks import body, signature, text, value

pytestmark = [pytest.mark.flow, pytest.mark.fault, pytest.mark.timeout(240)]

CUSTOMERS, CLIENTS = 20, 8
PAUSE_SECONDS = 0.1  # of each client between two messages: the socket that is not read meanwhile can hold them
_UNREAD = """
SELECT coalesce(sum(unread_count), 0) FROM conversations_conversation c
WHERE EXISTS (SELECT FROM conversations_message m WHERE m.conversation_id = c.id AND m.wamid LIKE %s)
"""


class Flood:
    """Signed webhooks, one message each, posted by eight clients; Meta's patience: what is not 200 is sent again."""

    def __init__(self, stack: Stack, phone: str, at_least: int) -> None:
        self.stack, self.at_least = stack, at_least
        self.prefix = f"wamid.{phone}."
        self.phones = [str(int(phone) * 100 + place) for place in range(CUSTOMERS)]
        self.places = itertools.count()
        self.acknowledged: set[str] = set()
        self.refused: list[int] = []
        self.lock = threading.Lock()

    def _post_until(self, over: threading.Event, client: httpx.Client) -> None:
        while not over.wait(PAUSE_SECONDS) or len(self.acknowledged) < self.at_least:
            self._post(next(self.places), client)

    def _post(self, place: int, client: httpx.Client) -> None:
        """One message, until it is acknowledged."""
        wamid = f"{self.prefix}{place}"
        raw = body(value(text(wamid, sender=self.phones[place % CUSTOMERS], wamid=wamid)))
        eventually(lambda: self._once(raw, wamid, client), within=60, every=0.2)

    def _once(self, raw: bytes, wamid: str, client: httpx.Client) -> bool:
        headers = {"X-Hub-Signature-256": signature(raw)}
        answer = client.post(f"{self.stack.url}/webhooks/whatsapp", content=raw, headers=headers)
        with self.lock:
            if answer.status_code == 200:
                self.acknowledged.add(wamid)
            else:
                self.refused.append(answer.status_code)
        return answer.status_code == 200

    @contextmanager
    def running(self) -> Iterator[None]:
        """Post while the block runs, and `at_least` so many; leave it when all is acknowledged."""
        over = threading.Event()
        with httpx.Client(timeout=20) as client, ThreadPoolExecutor(CLIENTS) as clients:
            posting = [clients.submit(self._post_until, over, client) for _ in range(CLIENTS)]
            try:
                yield
            finally:
                over.set()
            for each in posting:
                each.result()

    def stored(self) -> list[str]:
        """The wamids in the database, doubles included."""
        return [
            wamid
            for (wamid,) in self.stack.sql(
                "SELECT wamid FROM conversations_message WHERE wamid LIKE %s", f"{self.prefix}%"
            )
        ]

    def settle(self) -> None:
        """Everything acknowledged is stored, once."""
        count = len(self.acknowledged)
        assert count >= self.at_least
        eventually(lambda: len(self.stored()) >= count, within=60)
        assert sorted(self.stored()) == sorted(self.acknowledged)
        unread = self.stack.sql(_UNREAD, f"{self.prefix}%")
        assert unread == [(count,)]


def hear_all(listener: Listener, flood: Flood) -> None:
    """The socket hears each message once, with whatever catching up a client does."""

    def heard() -> list[str]:
        return [
            event["data"]["message"]["whatsappMessageId"]
            for event in listener.heard
            if event["type"] == "message:new"
            and str(event["data"]["message"]["whatsappMessageId"]).startswith(flood.prefix)
        ]

    deadline = time.monotonic() + 60
    while len(set(heard())) < len(flood.acknowledged) and time.monotonic() < deadline:
        try:
            listener.next(timeout=2)
        except TimeoutError:
            listener.ask("ping")
    assert sorted(heard()) == sorted(flood.acknowledged)
    numbered = [event for event in listener.heard if "seq" in event and event["type"] != "connected"]
    assert [event["prev"] for event in numbered[1:]] == [event["seq"] for event in numbered[:-1]]


@pytest.fixture
def flood(stack: Stack, phone: str) -> Callable[[int], Flood]:
    return lambda at_least: Flood(stack, phone, at_least)


@contextmanager
def weathered(stack: Stack, wave: Flood) -> Iterator[None]:
    """Post a wave of webhooks while the block makes trouble; in the end database and socket hold all of it, once."""
    with stack.socket("ana@acme.test") as ana:
        with wave.running():
            eventually(lambda: len(wave.stored()) > 20)
            yield
        wave.settle()
        hear_all(ana, wave)


def test_worker_killed_with_500_webhooks_in_flight(stack: Stack, flood: Callable[[int], Flood]) -> None:
    wave = flood(500)
    with weathered(stack, wave):
        stack.kill("ingest")
        eventually(lambda: len(wave.acknowledged) > len(wave.stored()))  # acknowledged while nobody processes
        stack.run("ingest")
    assert wave.refused == []


def test_redis_stopped_for_five_seconds(stack: Stack, flood: Callable[[int], Flood]) -> None:
    wave = flood(300)
    with weathered(stack, wave):
        stack.stop("redis")
        begun = time.monotonic()
        eventually(lambda: time.monotonic() - begun > 5)
        stack.run("redis", lambda: stack.redis.is_ready)
    assert wave.refused == []


def test_postgresql_restarted(stack: Stack, flood: Callable[[int], Flood]) -> None:
    wave = flood(300)
    with weathered(stack, wave):
        stack.stop("postgres")
        eventually(lambda: wave.refused)
        stack.run("postgres", lambda: stack.postgres.is_ready)
    assert set(wave.refused) == {503}


def test_messages_to_customers_survive_a_killed_worker(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana:
        stack.meta.say(phone, "oi")
        conversation_id = ana.wait_for("message:new")["data"]["conversationId"]
        stack.kill("worker")
        sent = [
            ana.ask("message:send", conversationId=conversation_id, clientId=f"k{n}", content=str(n))["data"]["id"]
            for n in range(5)
        ]
        stack.run("worker")
        ana.wait_for("message:status-update", messageId=sent[-1], status="DELIVERED")
    assert stack.meta.received(phone) == ["0", "1", "2", "3", "4"]


def test_messages_to_customers_written_while_redis_is_away_leave_once_it_is_back(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana:
        stack.meta.say(phone, "oi")
        conversation_id = ana.wait_for("message:new")["data"]["conversationId"]
        stack.stop("redis")
        begun = time.monotonic()
        for n in range(5):
            asked = ana.ask("message:send", conversationId=conversation_id, clientId=f"r{n}", content=str(n))
            assert asked["status"] == "ok"
        assert time.monotonic() - begun < 5, "a bell that cannot be rung keeps nobody waiting"
        stack.run("redis", lambda: stack.redis.is_ready)
        eventually(lambda: stack.meta.received(phone) == ["0", "1", "2", "3", "4"], within=60)


def test_web_server_says_goodbye_and_drains(stack: Stack) -> None:
    with stack.socket("ana@acme.test") as ana:
        stack.running["web"].ask_to_stop()
        ana.wait_for("server:shutdown")
        eventually(lambda: stack.running["web"].exit_code is not None, within=15)
    stack.run("web", stack.is_ready)
    with stack.socket("ana@acme.test") as ana:
        assert ana.ask("ping")["status"] == "ok"
