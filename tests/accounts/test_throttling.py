"""Guesses at a password, many at once."""

import pytest
from django.core.cache import cache

from accounts.throttling import ATTEMPTS, Blocked, attempt, count_failure

WHO = ("127.0.0.1", "ana@acme.test")


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def others_guess(times: int) -> None:
    for _ in range(times):
        count_failure(*WHO)


def guess_wrong_among_others(times: int) -> None:
    others_guess(times)
    raise ValueError


def test_right_password_is_refused_when_too_many_failed_while_it_was_looked_at() -> None:
    with pytest.raises(Blocked), attempt(*WHO, wrong=ValueError):
        others_guess(ATTEMPTS)


def test_wrong_password_is_then_told_from_it_by_nothing() -> None:
    with pytest.raises(Blocked), attempt(*WHO, wrong=ValueError):
        guess_wrong_among_others(ATTEMPTS)


def test_the_last_attempts_count() -> None:
    others_guess(ATTEMPTS - 1)
    with attempt(*WHO, wrong=ValueError):
        pass
    with pytest.raises(ValueError, match="wrong"), attempt(*WHO, wrong=ValueError):
        raise ValueError("wrong")
    with pytest.raises(Blocked), attempt(*WHO, wrong=ValueError):
        pass


def test_what_is_no_wrong_password_does_not_count() -> None:
    for _ in range(ATTEMPTS + 1):
        with pytest.raises(OSError, match="away"), attempt(*WHO, wrong=ValueError):
            raise OSError("the database is away")
