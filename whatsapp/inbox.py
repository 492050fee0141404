"""The durable inbox: webhook bodies are committed here before Meta is told 200."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from tenancy.postgresql.prepared import LAZILY, Prepared
from whatsapp.models import Delivery, DeliveryState

# One statement however many requests came in the same few milliseconds. A body that is here needs no second row.
_STORE = Prepared("""
INSERT INTO whatsapp_delivery (body, sha256, signed_with, received_at, state, problems, attempts, tenant_ids)
SELECT body, sha256, signed_with, received_at, 'PENDING', '[]', 0, '{}'
FROM unnest(%b::bytea[], %b::bytea[], %s::text[], %s::timestamptz[]) AS new (body, sha256, signed_with, received_at)
ON CONFLICT (sha256) DO NOTHING
""")
# One body may have 4 MB, a thousand usual ones have one: `ahead` is the size of those before it.
#
# What is settled need not be on the disk when this returns: after a crash it would wait again, and be taken in again.
_TURN = Prepared(f"""
WITH lazily AS (
    {LAZILY}
), settled AS (
    UPDATE whatsapp_delivery AS row
    SET state = new.state, problems = new.problems, tenant_ids = string_to_array(new.tenant_ids, ' ')::uuid[],
        processed_at = now(), attempts = attempts + 1
    FROM unnest(%s::bigint[], %s::text[], %s::jsonb[], %s::text[]) AS new (id, state, problems, tenant_ids), lazily
    WHERE row.id = new.id
)
SELECT id, body, signed_with, received_at
FROM (
    SELECT id, body, signed_with, received_at, sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS ahead
    FROM whatsapp_delivery
    WHERE state = 'PENDING' AND id NOT IN (SELECT unnest(%s::bigint[]))
    ORDER BY id LIMIT %s
) AS queue
WHERE ahead < %s ORDER BY id
""")  # noqa: S608  a constant of ours


@dataclass(frozen=True, slots=True)
class Incoming:
    """A verified body on its way into the inbox."""

    body: bytes
    signed_with: str
    received_at: datetime


def store(bodies: Sequence[Incoming]) -> None:
    """Commit bodies. Raises OperationalError when PostgreSQL is away, after one try on a fresh connection."""
    try:
        _insert(bodies)
    except (OperationalError, InterfaceError):
        connection.close()  # PostgreSQL was restarted since this thread last used it
        _insert(bodies)


def _insert(bodies: Sequence[Incoming]) -> None:
    _STORE.run(
        [each.body for each in bodies],
        [hashlib.sha256(each.body).digest() for each in bodies],
        [each.signed_with for each in bodies],
        [each.received_at for each in bodies],
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that nobody has processed."""

    delivery_id: int
    body: bytes
    signed_with: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one delivery. `problems` is JSON, `tenant_ids` blank-separated."""

    delivery_id: int
    state: DeliveryState
    problems: str
    tenant_ids: str


def turn(results: Sequence[Settled], limit: int, size: int) -> list[Waiting]:
    """Write what became of deliveries, and return the oldest of the others that nobody has processed.

    At most `limit`, of about `size` bytes together.
    """
    ids = [each.delivery_id for each in results]
    rows = _TURN.rows(
        ids,
        [each.state.value for each in results],
        [each.problems for each in results],
        [each.tenant_ids for each in results],
        ids,
        limit,
        size,
    )
    return [Waiting(*row) for row in rows]


def replay(delivery: Delivery) -> None:
    """Put a delivery back into the queue; what it stored already stays as it is."""
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.PENDING, problems=[], processed_at=None)


def prune(before: datetime, batch: int = 10_000) -> int:
    """Delete processed deliveries received before a time: the bodies hold what people wrote."""
    doomed = Delivery.objects.filter(received_at__lt=before).exclude(state=DeliveryState.PENDING).order_by("id")[:batch]
    deleted, _ = Delivery.objects.filter(pk__in=list(doomed.values_list("pk", flat=True))).delete()
    return deleted


def incoming(body: bytes, signed_with: str) -> Incoming:
    """A body received now."""
    return Incoming(body, signed_with, timezone.now())
