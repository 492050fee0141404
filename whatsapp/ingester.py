"""The process that empties the inbox: woken by PostgreSQL itself, one at a time over the whole installation.

Whoever holds the installation's advisory lock leads; others stand by and take over when its session ends. Beat sends a
worker after what nobody took in for seconds, so a missing ingester costs time and nothing else.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection

from whatsapp import bell, inbox, ingest

LOOK_SECONDS = 1.0
"""How long to sleep at most: a bell that was never rung (a web process that died in between) costs that much."""

SETTLE_SECONDS = 0.02
"""How long what was processed may wait for what comes next, to be settled in the statement that fetches it."""

_LOCK = 0x5EC4D0  # any number that nothing else locks
_IS_LED = """
SELECT EXISTS (
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND objid = %s AND granted AND datname = current_database()
)
"""

logger = logging.getLogger(__name__)


def run(stopping: threading.Event) -> None:
    """Take in what arrives until told to stop; the batch in hand is finished first."""
    while not stopping.is_set():
        try:
            _stand_by(stopping)
            _lead(stopping)
        except (OperationalError, InterfaceError) as error:
            logger.warning("PostgreSQL is away; deliveries wait for it: %s", str(error).strip())
            stopping.wait(LOOK_SECONDS)
        finally:
            _hang_up()


def _stand_by(stopping: threading.Event) -> None:
    """Return as the only one who may take in, or when told to stop."""
    if _try_lock():
        return
    logger.info("Another ingester is at work; standing by.")
    while not stopping.wait(LOOK_SECONDS) and not _try_lock():
        pass


def _lead(stopping: threading.Event) -> None:
    bell.listen()  # not before: whoever stands by takes nothing off the connection, and would collect rings for weeks
    logger.info("Ingest is ready.")
    done: list[inbox.Settled] = []
    while not stopping.is_set():
        waiting = ingest.turn(done)
        done = ingest.process(waiting)
        if len(waiting) < ingest.BATCH:
            bell.wait(SETTLE_SECONDS if done else LOOK_SECONDS)
    ingest.turn(done)


def _hang_up() -> None:
    """End the session, and with it the lock and the listening: a pool would keep all three."""
    if connection.connection:
        connection.connection.close()
    connection.close()


def _try_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        locked: bool = cursor.fetchone()[0]
    return locked


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else takes in; nobody will until the block is left. For those who come once."""
    locked = _try_lock()
    try:
        yield locked
    finally:
        if locked:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def is_led() -> bool:
    """Whether somebody takes in at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_LED, [_LOCK])
        led: bool = cursor.fetchone()[0]
    return led
