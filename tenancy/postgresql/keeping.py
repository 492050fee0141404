"""Connections that stay with a thread.

Taking one from the pool means a question to PostgreSQL and a new set-up by Django: more than most statements cost.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def kept_connection() -> Iterator[None]:
    """Let the block use the connection that this thread has kept, or one that it keeps from now on unless it breaks."""
    if connection.connection is not None and _has_ended(connection.connection):
        connection.close()
    try:
        yield
    finally:
        connection.close_at = None
        connection.close_if_unusable_or_obsolete()


def _has_ended(session: Any) -> bool:
    """Whether PostgreSQL has ended an idle session, without asking it: it is silent until then."""
    if session.closed:
        return True
    ear = select.poll()
    ear.register(session.fileno(), select.POLLIN)
    return bool(ear.poll(0))
