"""Events are appended inside the transaction, in commit order, and told after it."""

import contextlib
from collections.abc import Iterator, Sequence

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from events import log
from events.catalogue import MessageDeleted
from events.emit import EmittedOutsideActionError, _handlers, action, emit
from events.log import Committed
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.together import together
from tests.waiting import eventually

heard: list[Committed] = []


def listen(events: Sequence[Committed]) -> None:
    """A handler that remembers."""
    heard.extend(events)


def fail(_events: Sequence[Committed]) -> None:
    """A handler that does not work."""
    raise RuntimeError


@pytest.fixture(autouse=True)
def _handlers_of_this_test(settings: Settings) -> Iterator[None]:
    settings.EVENT_HANDLERS = [f"{__name__}.fail", f"{__name__}.listen"]
    heard.clear()
    _handlers.cache_clear()
    yield
    _handlers.cache_clear()


def gone(message_id: str) -> MessageDeleted:
    return MessageDeleted(conversation_id="c", message_id=message_id, version=1)


@action
def say(*message_ids: str) -> None:
    for message_id in message_ids:
        emit(gone(message_id))


def test_emit_outside_an_action_is_refused() -> None:
    with pytest.raises(EmittedOutsideActionError):
        emit(gone("m"))


@pytest.mark.django_db(transaction=True)
def test_emit_numbers_events_without_gaps_and_tells_them_once(in_acme: Company) -> None:
    say("1", "2")
    say("3")
    assert [event.seq for event in heard] == [1, 2, 3]
    assert [event.seq for event in log.since(0)] == [1, 2, 3]
    assert log.newest_seq() == 3


@pytest.mark.django_db(transaction=True)
def test_emit_tells_the_other_handlers_when_one_fails(in_acme: Company, caplog: pytest.LogCaptureFixture) -> None:
    say("1")
    assert [event.event for event in heard] == [gone("1")]
    assert "A handler failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_emit_in_a_failed_action_leaves_no_trace(in_acme: Company) -> None:
    @action
    def fail_after_saying() -> None:
        say("1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_saying()
    say("2")
    assert [(event.seq, event.event) for event in heard] == [(1, gone("2"))]


@pytest.mark.django_db(transaction=True)
def test_nested_actions_are_one_transaction_and_tell_together(in_acme: Company) -> None:
    @action
    def outer() -> None:
        say("1")
        assert heard == []
        say("2")

    outer()
    assert [event.event for event in heard] == [gone("1"), gone("2")]


@pytest.mark.django_db(transaction=True)
def test_events_are_told_after_the_surrounding_transaction(in_acme: Company) -> None:
    with transaction.atomic():
        say("1")
        assert heard == []
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_each_tenant_counts_for_itself(acme: Company, globex: Company) -> None:
    for company, messages in ((acme, ("1", "2")), (globex, ("3",))):
        with tenant_scope(company.tenant):
            say(*messages)
    with tenant_scope(globex.tenant):
        assert [event.seq for event in log.since(0)] == [1]


def say_or_fail(worker: int, turn: int) -> None:
    """Every fourth transaction is rolled back."""
    with contextlib.suppress(RuntimeError), transaction.atomic():
        say(f"{worker}.{turn}", f"{worker}.{turn}b")
        if turn % 4 == 3:
            fail(())


@pytest.mark.django_db(transaction=True)
def test_seq_is_gap_free_and_in_commit_order_under_concurrency(acme: Company) -> None:
    """A reader that follows the log while eight writers commit and roll back misses nothing."""
    expected = list(range(1, 8 * 15 * 2 + 1))
    seen: list[int] = []

    def work(place: int) -> None:
        with tenant_scope(acme.tenant):
            if place == 0:
                eventually(lambda: follow() == expected, every=0)
            else:
                for turn in range(20):
                    say_or_fail(place, turn)

    def follow() -> list[int]:
        seen.extend(event.seq for event in log.since(seen[-1] if seen else 0))
        return seen

    together(work, 9)
    assert seen == expected


@pytest.mark.django_db
def test_prune_raises_the_floor_and_keeps_the_rest(in_acme: Company) -> None:
    say("1", "2")
    boundary = log.since(0)[-1].at
    say("3")
    last = log.since(2)[0]
    assert log.prune(last.at) == (2 if last.at > boundary else 0)
    assert log.floor() == 2
    assert [event.seq for event in log.since(0)] == [3]
