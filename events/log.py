"""The event log of a tenant: append under the counter's lock, read what came after a seq, prune.

Measured by a prototype: a bigserial instead of the counter loses readers' events (a later seq may commit first).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.utils import timezone

from events.catalogue import EventData
from events.models import Counter, Event
from tenancy.postgresql.prepared import Prepared
from tenancy.scope import current_tenant_id

PAGE = 1000

BACKLOG = 5_000
"""Whoever missed more is not told what: to load everything anew is faster."""

_encode = msgspec.json.Encoder().encode

_APPEND = Prepared("""
WITH counter AS (
    INSERT INTO events_counter (tenant_id, seq, floor) VALUES (%s, %s::int, 0)
    ON CONFLICT (tenant_id) DO UPDATE SET seq = events_counter.seq + excluded.seq
    RETURNING tenant_id, seq - %s::int AS base
)
INSERT INTO events_event (tenant_id, seq, type, audience, data, at)
SELECT tenant_id, base + ordinality, type, string_to_array(audience, ' '), data, %s
FROM counter, ROWS FROM (json_to_recordset(%s) AS (type text, audience text, data text))
     WITH ORDINALITY AS new (type, audience, data, ordinality)
RETURNING seq
""")


@dataclass(frozen=True, slots=True)
class Emitted:
    """An event on its way into the log: what happened and which rooms may hear of it."""

    event: EventData
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Committed:
    """An event of the log. `data` is its JSON, encoded once; `event` is None when it was read back from the log."""

    tenant_id: UUID
    seq: int
    type: str
    audience: tuple[str, ...]
    data: str
    at: datetime
    event: EventData | None = None


def append(emitted: Sequence[Emitted]) -> list[Committed]:
    """Number and store events for the current tenant.

    Must be the transaction's last statement: it holds the tenant's counter until commit, so everything that
    locks rows comes before it.
    """
    tenant_id, at = current_tenant_id(), timezone.now()
    texts = [_encode(item.event).decode() for item in emitted]
    rows = _encode([_row(item, text) for item, text in zip(emitted, texts, strict=True)]).decode()
    count = len(emitted)
    seqs = sorted(seq for (seq,) in _APPEND.rows(tenant_id, count, count, at, rows))
    return [
        Committed(tenant_id, seq, item.event.type, item.audience, text, at, item.event)
        for seq, item, text in zip(seqs, emitted, texts, strict=True)
    ]


def _row(item: Emitted, text: str) -> dict[str, str]:
    return {"type": item.event.type, "audience": " ".join(item.audience), "data": text}


def since(seq: int, limit: int = PAGE) -> list[Committed]:
    """Events of the current tenant after `seq`, oldest first, whatever their audience."""
    rows = Event.objects.filter(seq__gt=seq).order_by("seq")
    return _committed(rows[:limit])


def of_types(types: Collection[str], seq: int, rooms: Collection[str]) -> list[Committed]:
    """Events of these types after `seq` that one of the rooms may hear, oldest first."""
    rows = Event.objects.filter(seq__gt=seq, type__in=types, audience__overlap=list(rooms)).order_by("seq")
    return _committed(rows)


def _committed(rows: QuerySet[Event]) -> list[Committed]:
    """Without model instances: half of the time of catching up."""
    found = rows.values_list("tenant_id", "seq", "type", "audience", "data", "at")
    return [Committed(tenant_id, seq, kind, tuple(rooms), data, at) for tenant_id, seq, kind, rooms, data, at in found]


def naming(kind: str, text: str, seq: int) -> list[Committed]:
    """Events of this type after `seq` in whose JSON this text stands, oldest first. Reads all that follow `seq`: first
    ask `reaches`.
    """
    return _committed(Event.objects.filter(seq__gt=seq, type=kind, data__contains=text).order_by("seq"))


def reaches(seq: int, newest: int) -> bool:
    """Whether what followed `seq` can be told: it is not too old, too much, or a seq that was never given (a restored
    log). `newest` is what `newest_seq` said.
    """
    return floor() <= seq <= newest and newest - seq <= BACKLOG


def newest_seq() -> int:
    """The seq of the current tenant's newest committed event; 0 before the first."""
    return Counter.objects.filter(tenant_id=current_tenant_id()).values_list("seq", flat=True).first() or 0


def floor() -> int:
    """Events up to this seq are gone: a client that knows less has to reload."""
    return Counter.objects.filter(tenant_id=current_tenant_id()).values_list("floor", flat=True).first() or 0


def prune(before: datetime, batch: int = 10_000) -> int:
    """Delete the current tenant's events older than `before`, a batch at most; returns how many went.

    The floor rises first: a reader in between is told to reload rather than shown a hole.
    """
    doomed = list(Event.objects.filter(at__lt=before).order_by("seq").values_list("seq", flat=True)[:batch])
    if not doomed:
        return 0
    Counter.objects.filter(tenant_id=current_tenant_id(), floor__lt=doomed[-1]).update(floor=doomed[-1])
    deleted, _ = Event.objects.filter(seq__lte=doomed[-1]).delete()
    return deleted
