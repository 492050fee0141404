"""Old events go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import log
from events.models import Event
from realtime.catchup import Missed, Resync, events_since
from realtime.tasks import prune_event_logs
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.realtime.happenings import happen_unheard

EVERYONE = frozenset({"tenant"})


@pytest.mark.django_db
def test_pruning_keeps_recent_events_of_every_tenant_and_raises_the_floor(acme: Company, globex: Company) -> None:
    for company in (acme, globex):
        happen_unheard(company.tenant, 1, 2, 3)
        with tenant_scope(company.tenant):
            Event.objects.filter(seq__lte=2).update(at=timezone.now() - timedelta(days=8))

    assert prune_event_logs() == 4

    for company in (acme, globex):
        with tenant_scope(company.tenant):
            assert [event.seq for event in log.since(0)] == [3]
            assert isinstance(events_since(1, EVERYONE), Resync)
            missed = events_since(2, EVERYONE)
            assert isinstance(missed, Missed)
            assert [event.seq for event in missed.events] == [3]


def test_client_from_whom_events_are_pruned_while_it_asks_is_told_to_reload(
    in_acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen_unheard(in_acme.tenant, 1, 2, 3)
    Event.objects.filter(seq__lte=2).update(at=timezone.now() - timedelta(days=8))
    since = log.since

    def pruned_before(seq: int, limit: int) -> list[log.Committed]:
        log.prune(timezone.now() - timedelta(days=7))
        return since(seq, limit)

    monkeypatch.setattr(log, "since", pruned_before)
    assert isinstance(events_since(1, EVERYONE), Resync)
