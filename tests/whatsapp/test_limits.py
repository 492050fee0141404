"""WhatsApp's limits, counted in Redis."""

import pytest
from pytest_django.fixtures import Settings

from tenancy.ids import uuid7
from whatsapp import limits


def test_pair_may_send_a_burst_and_then_waits_while_others_go_on() -> None:
    number_id = uuid7()
    assert [limits.seconds_to_wait(number_id, "ana") for _ in range(limits.PAIR_BURST)] == [0] * limits.PAIR_BURST
    assert 0 < limits.seconds_to_wait(number_id, "ana") <= 6
    assert limits.seconds_to_wait(number_id, "caio") == 0


def test_busy_number_costs_its_pairs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    number_id = uuid7()
    monkeypatch.setattr(limits, "NUMBER_RATE", 1.0)
    assert limits.seconds_to_wait(number_id, "ana") == 0
    for _ in range(limits.PAIR_BURST):
        assert 0 < limits.seconds_to_wait(number_id, "ana") <= 1
    monkeypatch.setattr(limits, "NUMBER_RATE", 1e6)
    assert limits.seconds_to_wait(number_id, "ana") == 0


def test_number_that_is_held_lets_nothing_through_and_goes_on_at_its_pace() -> None:
    number_id, other = uuid7(), uuid7()
    limits.hold(number_id, 60)
    limits.hold(number_id, 2)
    assert 58 < limits.seconds_to_wait(number_id, "ana") < 61
    assert limits.seconds_to_wait(other, "ana") == 0


def test_redis_away_holds_nothing_back(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    limits.synchronous.cache_clear()
    limits.hold(uuid7(), 60)
    assert limits.seconds_to_wait(uuid7(), "ana") == 0
    limits.synchronous.cache_clear()
