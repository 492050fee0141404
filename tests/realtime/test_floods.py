"""A flood from one person does not slow another, and is not worked off."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django import Settings

from conversations.models import Conversation
from realtime import store
from realtime.connection import OVER_LIMIT_SECONDS
from realtime.limits import Bucket, Limits
from realtime.turns import AT_ONCE
from tenancy.scope import as_login, tenant_scope
from tests.cast import Company
from tests.realtime.client import Socket, socket_of, token
from tests.realtime.happenings import conversation_with
from tests.realtime.serving import Program, serve, until
from tests.realtime.strange import RawSocket, frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

SOCKETS = 5
BURST, PER_SECOND = 30, 100 / 60
LIST = frame(json.dumps({"type": "conversation:list", "requestId": "flood"}).encode())


@pytest.fixture(scope="module")
def strict(django_db_setup: None, django_db_blocker: object) -> Iterator[Program]:
    """With the limits of a real installation."""
    server = serve(
        settings.REDIS_URL, SOCKET_COMMANDS_PER_MINUTE="100", SOCKET_COMMAND_BURST=str(BURST), SOCKETS_PER_USER="20"
    )
    with server as running:
        yield running


@contextmanager
def flood(server: Program, company: Company) -> Iterator[list[RawSocket]]:
    """Caio's sockets send as fast as the server takes it, and read nothing of what it says."""
    stop = threading.Event()

    def pour(hostile: RawSocket) -> None:
        while not stop.is_set() and hostile.send(LIST * 500):
            continue

    with ExitStack() as stack:
        url = f"{server.ws}?access_token={token(company.caio)}"
        sockets = [stack.enter_context(RawSocket(url)) for _ in range(SOCKETS)]
        threads = [threading.Thread(target=pour, args=[each], daemon=True) for each in sockets]
        for thread in threads:
            thread.start()
        yield sockets
        stop.set()


def seconds_of(calm: Socket, command: str) -> float:
    asked_at = time.monotonic()
    assert calm.ask(command)["status"] == "ok"
    return time.monotonic() - asked_at


def test_flood_from_one_person_does_not_slow_another(strict: Program, acme: Company) -> None:
    conversation_with(acme)
    with socket_of(acme.ana, strict.ws) as calm:
        quiet = median(seconds_of(calm, "conversation:list") for _ in range(8))
        with flood(strict, acme) as sockets:
            for hostile in sockets:
                assert hostile.until(b'"rate_limited"')  # so it is on, and over the limit
            during = median(seconds_of(calm, "conversation:list") for _ in range(15))
    assert during < max(10 * quiet, 0.25)


def test_flood_is_not_worked_off(strict: Program, acme: Company) -> None:
    """So much is done over all sockets together, however fast it is asked for."""
    url = f"{strict.ws}?access_token={token(acme.caio)}"
    with RawSocket(url) as one, RawSocket(url) as two:
        began_at = time.monotonic()
        for hostile in (one, two):
            hostile.send(LIST * BURST)
        refused = sum(answers(hostile, BURST).count(b'"rate_limited"') for hostile in (one, two))
        assert refused >= BURST - PER_SECOND * (time.monotonic() - began_at) - 1


def test_refusing_a_flood_takes_its_time(strict: Program, acme: Company, settings: Settings) -> None:
    """So a flood costs the same at any speed."""
    settings.SOCKET_COMMANDS_PER_MINUTE, settings.SOCKET_COMMAND_BURST = 1, BURST
    asyncio.run(use_up(acme.caio.pk))
    with RawSocket(f"{strict.ws}?access_token={token(acme.caio)}") as hostile:
        began_at = time.monotonic()
        hostile.send(LIST * BURST)
        refused = answers(hostile, BURST).count(b'"rate_limited"')
        assert time.monotonic() - began_at >= refused * OVER_LIMIT_SECONDS > 0


def answers(hostile: RawSocket, count: int) -> bytes:
    """What the server says up to that many replies."""
    said = b""
    while said.count(b'"requestId":"flood"') < count:
        said += hostile.until(b'"requestId":"flood"')
    return said


def test_what_is_done_on_another_process_counts(strict: Program, acme: Company, settings: Settings) -> None:
    """This one is the other."""
    settings.SOCKET_COMMANDS_PER_MINUTE, settings.SOCKET_COMMAND_BURST = 1, BURST

    def is_refused(caio: Socket) -> bool:
        asyncio.run(use_up(acme.caio.pk))
        return bool(caio.ask("conversation:list").get("error", {}).get("code") == "rate_limited")

    with socket_of(acme.caio, strict.ws) as caio, socket_of(acme.ana, strict.ws) as ana:
        assert any(is_refused(caio) for _ in range(5))  # one more is allowed when 0.6 s have passed
        assert ana.ask("conversation:list")["status"] == "ok"


async def use_up(user_id: UUID) -> None:
    async with store.asynchronous() as redis:
        limits = Limits(redis)
        waits = [await limits.take(user_id, Bucket.COMMANDS) for _ in range(BURST + 1)]
    assert waits[-1] > 0


def test_slow_commands_of_one_person_keep_no_thread_from_another(server: Program, acme: Company) -> None:
    stuck = conversation_with(acme)
    change = {"type": "conversation:update", "data": {"conversationId": str(stuck.pk), "priority": 1}}
    url = f"{server.ws}?access_token={token(acme.caio)}"
    with ExitStack() as stack, socket_of(acme.ana, server.ws) as calm:
        with tenant_scope(acme.tenant), transaction.atomic():
            Conversation.objects.select_for_update().get(pk=stuck.pk)  # caio's changes wait for this
            sockets = [stack.enter_context(RawSocket(url)) for _ in range(AT_ONCE * 4)]
            for hostile in sockets:
                hostile.send(frame(json.dumps(change).encode()))
            until(lambda: waiting_for_locks() >= AT_ONCE)
            for _ in range(5):
                assert calm.ask("conversation:list")["status"] == "ok"
            assert waiting_for_locks() == AT_ONCE
        for hostile in sockets:
            assert hostile.until(b'"status":"ok"')  # and in the end all have their turn


def waiting_for_locks() -> int:
    with as_login(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else this transaction sees what it saw at first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        (count,) = cursor.fetchone()
    return int(count)
