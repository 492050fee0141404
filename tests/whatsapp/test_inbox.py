"""The durable inbox: what is waiting, oldest first, in portions that fit into memory."""

import pytest
from django.db import connection

from whatsapp import inbox
from whatsapp.models import DeliveryState

pytestmark = pytest.mark.django_db


def _store(*sizes: int) -> None:
    inbox.store([inbox.incoming(b"%d" % place * size, "") for place, size in enumerate(sizes, 1)])


def _waiting(limit: int, size: int) -> list[bytes]:
    return [delivery.body[:1] for delivery in inbox.turn([], limit, size)]


def test_oldest_come_first_and_no_more_than_asked_for() -> None:
    _store(1, 1, 1)

    assert _waiting(2, 100) == [b"1", b"2"]


def test_large_bodies_end_a_portion_early_and_the_largest_comes_alone() -> None:
    _store(40, 70, 10)

    assert _waiting(10, 100) == [b"1", b"2"]
    assert _waiting(10, 40) == [b"1"]
    assert _waiting(10, 1) == [b"1"]


def test_settled_ones_wait_no_more() -> None:
    _store(1, 1, 1)
    first, second, _ = inbox.turn([], 10, 100)

    following = inbox.turn([_settled(first)], 10, 100)
    assert [each.body for each in following] == [b"2", b"3"]
    assert [each.body for each in inbox.turn([_settled(second)], 10, 100)] == [b"3"]


@pytest.mark.django_db(transaction=True)
def test_nothing_but_settling_is_committed_lazily() -> None:
    """A lost settlement is made again; a message that agents have seen must not be lost."""
    _store(1)
    inbox.turn([_settled(each) for each in inbox.turn([], 1, 100)], 1, 100)
    assert _synchronous_commit() == "on"


def _synchronous_commit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        [setting] = cursor.fetchone()
    return str(setting)


def _settled(delivery: inbox.Waiting) -> inbox.Settled:
    return inbox.Settled(delivery.delivery_id, DeliveryState.DONE, "[]", "")
