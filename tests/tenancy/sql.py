"""Plain SQL, as somebody would write it who knows nothing of tenants."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def run(sql: str, *params: Any) -> int:
    """Run a statement; the number of rows that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def run_and_check(sql: str, *params: Any) -> None:
    """Run a statement, and the deferred constraints, which in a test no commit would check."""
    run(sql, *params)
    connection.check_constraints()


def row(sql: str, *params: Any) -> tuple[Any, ...] | None:
    """The first row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def notes(database: BaseDatabaseWrapper | None = None) -> list[str]:
    """What plain SQL sees of the table under attack."""
    with (database or connection).cursor() as cursor:
        cursor.execute("SELECT text FROM notes_note ORDER BY text")
        return [text for (text,) in cursor.fetchall()]


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction, or inside one a savepoint, of which nothing remains."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
