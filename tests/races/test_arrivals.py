"""Many workers at once: the unique keys and the lock order decide, not luck."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, models
from django.utils import timezone

from conversations.actions import receive
from conversations.actions.arrivals import Arrival, Identity, Person
from conversations.models import Contact, Conversation, IdentityKind, Message
from conversations.statuses import MessageType
from events import log
from tenancy.scope import owner, tenant_scope
from tests.cast import Company
from tests.together import together
from tests.waiting import eventually
from tests.webhooks import body, text, value
from whatsapp import bell, ingester, tasks
from whatsapp.models import Delivery, DeliveryState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def arrival(company: Company, wamid: str, phone: str = "5511888888888") -> Arrival:
    who, now = Identity(IdentityKind.WA_ID, phone), timezone.now()
    return Arrival(
        company.number.pk,
        wamid,
        Person((who,), who, "Marta"),
        MessageType.TEXT,
        now - timedelta(seconds=1),
        now,
        content=wamid,
    )


def test_twenty_threads_with_the_same_and_different_messages_of_a_stranger(acme: Company) -> None:
    def work(place: int) -> None:
        with tenant_scope(acme.tenant):
            receive([arrival(acme, "same"), arrival(acme, f"own.{place}")])

    together(work, 20)
    with tenant_scope(acme.tenant):
        assert Contact.objects.count() == Conversation.objects.count() == 1
        assert Message.objects.count() == 21
        assert Conversation.objects.get().unread_count == 21
        events = log.since(0)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert sum(event.type == "conversation:new" for event in events) == 1
    assert sum(event.type == "message:new" for event in events) == 21


def test_batches_of_the_same_strangers_in_different_orders_do_not_dead_lock(acme: Company) -> None:
    phones = [f"55119{place:08d}" for place in range(40)]

    def work(place: int) -> None:
        mine = [arrival(acme, f"{phone}.{turn}", phone) for phone in phones for turn in range(2)]
        random.Random(place).shuffle(mine)
        with tenant_scope(acme.tenant):
            receive(mine)

    together(work, 6)
    with tenant_scope(acme.tenant):
        assert Contact.objects.count() == Conversation.objects.count() == 40
        assert Message.objects.count() == 80


@contextmanager
def ingesters(count: int) -> Iterator[None]:
    """That many programs like `manage.py ingest`, as threads of this one."""
    stopping = threading.Event()
    running = [threading.Thread(target=ingester.run, args=[stopping]) for _ in range(count)]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in running:
            thread.join()


def waiting() -> int:
    return Delivery.objects.filter(state=DeliveryState.PENDING).count()


def test_webhooks_and_ingesters_at_once_store_each_message_once(
    acme: Company, post_webhook: Callable[[bytes], int]
) -> None:
    raws = [body(value(text(str(place), wamid=f"w{place % 25}"))) for place in range(50)]

    def work(place: int) -> None:
        for raw in raws[place * 5 : place * 5 + 5]:
            assert post_webhook(raw) == 200

    with ingesters(4):
        together(work, 10)
        eventually(lambda: waiting() == 0)
    with tenant_scope(acme.tenant):
        assert Message.objects.count() == 25
        assert Conversation.objects.get().unread_count == 25


def test_one_ingester_works_at_a_time(
    acme: Company, post_webhook: Callable[[bytes], int], caplog: pytest.LogCaptureFixture
) -> None:
    """While another process takes in, a second one stands by, and a worker sent by beat goes home."""
    caplog.set_level("INFO", "whatsapp.ingester")
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [ingester._LOCK])
        assert ingester.is_led()
        assert post_webhook(body(value(text("um só")))) == 200
        tasks.drain_deliveries()
        assert waiting() == 1
        with ingesters(1):
            eventually(lambda: "standing by" in caplog.text)
            assert waiting() == 1
            other.close()
            eventually(lambda: waiting() == 0)
    eventually(lambda: not ingester.is_led())


def test_whoever_stands_by_does_not_hear_the_bell(db: None) -> None:
    """Nobody would take the rings off that connection: they would pile up in memory."""
    stopping, asked = threading.Event(), list[str]()

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    def run() -> None:
        with connection.execute_wrapper(note):
            ingester.run(stopping)

    standby = threading.Thread(target=run)
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [ingester._LOCK])
        standby.start()
        try:
            eventually(lambda: sum("advisory_lock" in sql for sql in asked) > 1)
            assert not any("LISTEN" in sql for sql in asked)
            other.close()
            eventually(lambda: any("LISTEN" in sql for sql in asked))
        finally:
            stopping.set()
            standby.join()


@contextmanager
def migrated(model: type[models.Model], column: str, kind: str) -> Iterator[None]:
    """A column is of another type meanwhile."""
    before = model._meta.get_field(column).db_type(connection)
    try:
        with owner(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ALTER {column} TYPE {kind}")
        yield
    finally:
        with owner(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ALTER {column} TYPE {before}")


@pytest.mark.parametrize(("model", "column", "kind"), [(Contact, "name", "text"), (Delivery, "signed_with", "text")])
def test_migration_under_an_ingester_keeps_nothing_back(
    acme: Company, post_webhook: Callable[[bytes], int], model: type[models.Model], column: str, kind: str
) -> None:
    """Its prepared statements return another type than they did: within a tenant's part, and reading the inbox."""
    with ingesters(1):
        assert post_webhook(body(value(text("antes")))) == 200
        eventually(lambda: waiting() == 0)
        with migrated(model, column, kind):
            assert post_webhook(body(value(text("depois")))) == 200
            eventually(lambda: waiting() == 0)
    assert not Delivery.objects.filter(state=DeliveryState.FAILED).exists()
    with tenant_scope(acme.tenant):
        assert Message.objects.count() == 2


def test_beat_sends_a_worker_where_there_is_no_ingester(acme: Company, post_webhook: Callable[[bytes], int]) -> None:
    assert post_webhook(body(value(text("sem ingester")))) == 200
    assert not ingester.is_led()
    tasks.drain_deliveries()
    assert waiting() == 0


def test_a_delivery_wakes_the_ingester_at_once(
    acme: Company, post_webhook: Callable[[bytes], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the bell it would sleep for an hour here."""
    monkeypatch.setattr(ingester, "LOOK_SECONDS", 3600)
    stopping = threading.Event()
    running = threading.Thread(target=ingester.run, args=[stopping])
    running.start()
    try:
        eventually(ingester.is_led)
        for words in ("um", "dois", "três"):
            assert post_webhook(body(value(text(words)))) == 200
            eventually(lambda: waiting() == 0)
    finally:
        stopping.set()
        with connection.cursor() as cursor:  # it has to end also where the bell is broken
            cursor.execute(f"NOTIFY {bell.CHANNEL}")
        running.join()
