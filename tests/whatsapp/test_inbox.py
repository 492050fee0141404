"""The durable inbox: what is waiting, oldest first, in portions that fit into memory."""

import pytest

from whatsapp import inbox
from whatsapp.models import DeliveryState

pytestmark = pytest.mark.django_db


def _store(*sizes: int) -> None:
    inbox.store([inbox.incoming(b"%d" % place * size, "") for place, size in enumerate(sizes, 1)])


def _waiting(limit: int, size: int) -> list[bytes]:
    return [delivery.body[:1] for delivery in inbox.waiting(limit, size)]


def test_oldest_come_first_and_no_more_than_asked_for() -> None:
    _store(1, 1, 1)

    assert _waiting(2, 100) == [b"1", b"2"]


def test_large_bodies_end_a_portion_early_and_the_largest_comes_alone() -> None:
    _store(40, 70, 10)

    assert _waiting(10, 100) == [b"1", b"2"]
    assert _waiting(10, 40) == [b"1"]
    assert _waiting(10, 1) == [b"1"]


def test_settled_ones_wait_no_more() -> None:
    _store(1, 1)
    first = inbox.waiting(1, 100)[0]

    inbox.settle([inbox.Settled(first.delivery_id, DeliveryState.DONE, "[]", "")])

    assert _waiting(10, 100) == [b"2"]
