"""Waking the ingester through PostgreSQL: where the deliveries are is also who says that they came.

Not through Redis: what Meta says gets in while Redis is away. A NOTIFY of its own, after the commit of the deliveries:
inside their transaction it would make the commits of all web processes wait for each other.
"""

import logging

from django.db import DatabaseError, connection

from tenancy.postgresql.prepared import Prepared

CHANNEL = "recado_inbox"

_RING = Prepared("SELECT pg_notify(%s, '')")

logger = logging.getLogger(__name__)


def ring() -> None:
    """Say that deliveries wait. A bell that does not ring costs a second."""
    try:
        _RING.run(CHANNEL)
    except DatabaseError:
        logger.warning("The ingester could not be woken; it looks by itself.")


def listen() -> None:
    """Hear the bell from now on, on this connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")


def wait(seconds: float) -> None:
    """Return when the bell has rung since the last call, or after that many seconds."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        for _ in connection.connection.notifies(timeout=seconds, stop_after=1):
            pass
