"""Many workers at once: the unique keys and the lock order decide, not luck."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from conversations.actions import receive
from conversations.actions.arrivals import Arrival, Identity, Person
from conversations.models import Contact, Conversation, IdentityKind, Message
from conversations.statuses import MessageType
from events import log
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.together import together
from tests.waiting import eventually
from tests.webhooks import body, text, value
from whatsapp import ingest
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


def test_webhooks_and_ingesters_at_once_store_each_message_once(
    acme: Company, post_webhook: Callable[[bytes], int]
) -> None:
    raws = [body(value(text(str(place), wamid=f"w{place % 25}"))) for place in range(50)]

    def work(place: int) -> None:
        if place < 10:
            for raw in raws[place * 5 : place * 5 + 5]:
                assert post_webhook(raw) == 200
        ingest.drain()

    together(work, 14)
    ingest.drain()
    with tenant_scope(acme.tenant):
        assert Message.objects.count() == 25
        assert Conversation.objects.get().unread_count == 25


def test_one_ingester_works_at_a_time(acme: Company, post_webhook: Callable[[bytes], int]) -> None:
    """While another process holds the inbox, a second one waits; it goes on when the first is done."""
    assert post_webhook(body(value(text("um só")))) == 200
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [ingest._LOCK])
        waiting = threading.Thread(target=_drain)
        waiting.start()
        eventually(lambda: other.execute(_WAITS_FOR_US).fetchone() == (1,))
        assert Delivery.objects.get().state == DeliveryState.PENDING
        other.execute("SELECT pg_advisory_unlock(%s)", [ingest._LOCK])
        waiting.join()
    assert Delivery.objects.get().state == DeliveryState.DONE


_WAITS_FOR_US = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def _drain() -> None:
    try:
        ingest.drain()
    finally:
        connection.close()
