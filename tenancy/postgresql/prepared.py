"""Statements of the hot path, written by hand: parsed and planned by PostgreSQL once a session, not once a call.

Django's own cursors put the parameters into the text, so PostgreSQL reads and plans every statement anew, which is more
work than answering most of ours. These send them apart, and psycopg prepares the statement when it first runs.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from psycopg import Cursor, OperationalError
from psycopg.abc import Params, Query
from psycopg.errors import FeatureNotSupported

from tenancy.postgresql.base import Row, Telling

M = TypeVar("M", bound=models.Model)

LAZILY = "SELECT set_config('synchronous_commit', 'off', true)"
"""As a CTE that another one uses, in a statement that is its own transaction: the commit does not wait for the disk."""


class PreparedCursor(Telling, Cursor[Row]):
    """Binds parameters on the server, and prepares whatever it executes.

    A migration that changes the type of a column it returns leaves the session with a statement that never runs again
    ("cached plan must not change result type"). That is an OperationalError, and the end of the session.
    """

    def execute(self, query: Query, params: Params | None = None, **options: Any) -> Self:
        try:
            return super().execute(query, params, prepare=True, **options)
        except FeatureNotSupported as error:
            self.connection.close()
            raise OperationalError(f"The session is older than the tables: {error}") from error


class Prepared:
    """One statement. It runs in the scope of that moment and raises Django's errors, as any cursor does."""

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def rows(self, *parameters: Any) -> list[Row]:
        """Run it; what it returns."""
        database = _ready()
        with database.wrap_database_errors:
            cursor = _cursor(database)
            cursor.execute(self.sql, parameters)
            found: list[Row] = cursor.fetchall()
        return found

    def run(self, *parameters: Any) -> None:
        """Run it for what it does."""
        database = _ready()
        with database.wrap_database_errors:
            _cursor(database).execute(self.sql, parameters)


def _ready() -> Any:
    database: Any = connections[DEFAULT_DB_ALIAS]
    if database.connection is None:
        database.ensure_connection()
    database.validate_no_broken_transaction()
    return database


def _cursor(database: Any) -> Any:
    """Wrapped as Django wraps its own only where somebody counts or logs queries: that costs as much as asking."""
    cursor = PreparedCursor(database.connection)
    is_watched = database.queries_logged or database.execute_wrappers
    return database._prepare_cursor(cursor) if is_watched else cursor  # noqa: SLF001


def columns(model: type[models.Model], table: str) -> str:
    """All columns of a model, for the SELECT of rows that `loaded` reads."""
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)


def loaded(model: type[M], row: Sequence[Any]) -> M:
    """The instance of a row that was selected by `columns`. Not for fields that Django converts, such as JSON."""
    return model.from_db(DEFAULT_DB_ALIAS, _names(model), row)


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
