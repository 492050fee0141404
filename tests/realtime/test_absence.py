"""A client that was away and one that never left end with the same, which is what a fresh page shows."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import log
from realtime.catchup import Resync, events_since
from realtime.messages import told
from realtime.rooms import own_rooms
from tests.cast import Company
from tests.realtime.changes import CHANGES, happens
from tests.realtime.screen import Screen

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from([*CHANGES, "receive", "receive", "send", "send", "outcome", "leave", "come_back", "prune"]),
        st.integers(0, 99),
    ),
    max_size=40,
)


class Clients:
    """One that never leaves and one that comes and goes."""

    def __init__(self, company: Company) -> None:
        self.company, self.rooms = company, own_rooms(company.ana, [])
        self.faithful, self.absent = Screen(), Screen()
        self.is_away = False
        for screen in (self.faithful, self.absent):
            screen.load(log.newest_seq())

    def step(self, name: str, number: int) -> None:
        if name in CHANGES:
            happens(name, self.company, number)
        else:
            getattr(self, name)()
        self._tell()

    def leave(self) -> None:
        self.is_away = True

    def prune(self) -> None:
        """Everything so far goes: who has not seen it has to load anew."""
        self._tell()
        log.prune(timezone.now() + timedelta(days=1))

    def _tell(self) -> None:
        """As the hub does."""
        for event in log.since(self.faithful.seen):
            frame = {"seq": event.seq, **json.loads(told(event).text)}
            for screen in (self.faithful,) if self.is_away else (self.faithful, self.absent):
                screen.hear([frame])

    def come_back(self) -> None:
        self.is_away, more = False, True
        while more:
            page = events_since(self.absent.seen, self.rooms)
            if isinstance(page, Resync):
                self.absent.load(page.seq)
                return
            self.absent.hear(_as_sent(page.events))
            self.absent.seen, more = page.seq, page.more


def _as_sent(events: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(msgspec.json.encode(events))
    return found


def test_whoever_was_away_ends_with_what_everybody_sees(in_acme: Company) -> None:
    @settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def converge(steps: list[tuple[str, int]]) -> None:
        with transaction.atomic():
            clients = Clients(in_acme)
            for name, number in steps:
                clients.step(name, number)
            clients.come_back()
            fresh = Screen()
            fresh.load(log.newest_seq())
            assert clients.absent.shows() == clients.faithful.shows()
            assert clients.faithful.shows() == fresh.shows()
            transaction.set_rollback(True)

    converge()
