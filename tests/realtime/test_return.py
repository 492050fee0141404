"""Coming back after everything that may happen to the server meanwhile: killed processes, an emptied Redis, days."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db.models import F

from events.models import Event
from realtime.tasks import prune_event_logs
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.realtime.client import Socket, socket_of
from tests.realtime.happenings import happen, happen_unheard
from tests.realtime.serving import Program, serve

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]


def happens_in(company: Company, numbers: Iterable[int]) -> None:
    """Told to the hubs or lost on the way; to everybody, or to one person in between."""
    for number in numbers:
        whom = [f"user:{company.caio.pk}"] if number % 5 == 0 else ["tenant"]
        (happen if number % 3 else happen_unheard)(company.tenant, number, audience=whom)


def known(events: Iterable[dict[str, Any]]) -> list[tuple[int, Any]]:
    return [(event["seq"], event["data"]) for event in events]


def missed(socket: Socket, seq: int) -> list[tuple[int, Any]]:
    """All pages of it."""
    page = socket.ask("events:since", seq=seq)["data"]
    return known(page["events"]) + (missed(socket, page["seq"]) if page["more"] else [])


def days_pass(company: Company, days: int) -> None:
    with tenant_scope(company.tenant):
        Event.objects.update(at=F("at") - timedelta(days=days))
    prune_event_logs()


def test_who_was_away_catches_up_whatever_happened_meanwhile(own_redis: Program, acme: Company) -> None:
    with serve(settings.REDIS_URL) as kept, socket_of(acme.ana, kept.ws) as faithful:
        with serve(settings.REDIS_URL) as killed, socket_of(acme.ana, killed.ws) as absent:
            happens_in(acme, [1, 2])
            first = known(absent.next("conversation:updated") for _ in range(2))
            seen = first[-1][0]
            happens_in(acme, range(3, 10))
            killed.process.kill()
        redis.Redis(port=own_redis.port).flushall()
        happens_in(acme, range(10, 21))
        heard = known(faithful.next("conversation:updated") for _ in range(16))
        assert [seq for seq, _ in heard] == [number for number in range(1, 21) if number % 5]
        with serve(settings.REDIS_URL) as again, socket_of(acme.ana, again.ws) as back:
            assert first + missed(back, seen) == heard
            days_pass(acme, 1)
            assert first + missed(back, seen) == heard
            days_pass(acme, settings.EVENT_LOG_DAYS)
            assert back.ask("events:since", seq=seen)["data"] == {"resync": True, "seq": 20}
            happens_in(acme, [21])
            assert back.next("conversation:updated")["prev"] in {19, 20}
            assert known([faithful.next("conversation:updated")])[0][0] == 21
            assert missed(back, 20) == missed(faithful, 20) != []


def test_slow_reader_is_closed_with_the_reason_and_catches_up_by_seq(server: Program, acme: Company) -> None:
    numbers = range(1, 41)  # 2 MB
    with socket_of(acme.caio, server.ws) as faithful, socket_of(acme.ana, server.ws) as slow:
        heard = []
        for number in numbers:
            happen(acme.tenant, number, padding=50_000)
            heard += known([faithful.next("conversation:updated")])
        assert slow.close_code() == 4408
        assert slow.connection.protocol.close_reason == "too slow"
        seen = known(slow.events)
    assert len(seen) < len(numbers)
    with socket_of(acme.ana, server.ws) as back:
        assert seen + missed(back, seen[-1][0]) == heard
