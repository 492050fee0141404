"""A flood from one person does not slow another."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

import pytest
from django.conf import settings
from django.db import connection, transaction

from conversations.models import Conversation
from realtime.turns import AT_ONCE
from tenancy.scope import as_login, tenant_scope
from tests.cast import Company
from tests.realtime.client import Socket, socket_of, token
from tests.realtime.happenings import conversation_with
from tests.realtime.serving import Program, serve, until
from tests.realtime.strange import RawSocket, frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

SOCKETS = 5
LIST = frame(json.dumps({"type": "conversation:list", "requestId": "flood"}).encode())


@pytest.fixture
def strict(django_db_setup: None) -> Iterator[Program]:
    """With the limits of a real installation."""
    server = serve(
        settings.REDIS_URL, SOCKET_COMMANDS_PER_MINUTE="100", SOCKET_COMMAND_BURST="30", SOCKETS_PER_USER="20"
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
