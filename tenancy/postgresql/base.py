"""`ENGINE = "tenancy.postgresql"`: Django's PostgreSQL backend, whose cursors tell PostgreSQL the tenant scope.

The cursors and not an `execute_wrapper`, which would miss `copy()` and `stream()`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.db.backends.postgresql import base
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation
from psycopg import Connection, Copy, Cursor
from psycopg.abc import Params, Query
from psycopg.copy import Writer

from tenancy.postgresql.telling import FRESH, tell
from tenancy.scope import as_login

Row = tuple[Any, ...]


class Telling(Cursor[Row]):
    """Tells the scope of the moment a statement runs, not of the moment the cursor was made."""

    def execute(self, query: Query, params: Params | None = None, **options: Any) -> Self:
        tell(self.connection)
        return super().execute(query, params, **options)  # type: ignore[arg-type]  # templates are typed apart

    def executemany(self, query: Query, params_seq: Iterable[Params], *, returning: bool = False) -> None:
        tell(self.connection)
        super().executemany(query, params_seq, returning=returning)

    def stream(self, query: Query, params: Params | None = None, **options: Any) -> Iterator[Row]:
        tell(self.connection)
        yield from super().stream(query, params, **options)

    @contextmanager
    def copy(self, statement: Query, params: Params | None = None, *, writer: Writer | None = None) -> Iterator[Copy]:
        tell(self.connection)
        with super().copy(statement, params, writer=writer) as copy:
            yield copy


class ScopedCursor(Telling, base.Cursor):
    """The cursor of everyday."""


class ScopedServerCursor(Telling, base.ServerSideCursor):
    """The cursor of `iterator()`. It tells on fetching too: a policy's setting is read when the first row is."""

    def fetchone(self) -> Row | None:
        tell(self.connection)
        return super().fetchone()

    def fetchmany(self, size: int = 0) -> list[Row]:
        tell(self.connection)
        return super().fetchmany(size)

    def fetchall(self) -> list[Row]:
        tell(self.connection)
        return super().fetchall()

    def __next__(self) -> Row:
        tell(self.connection)
        return super().__next__()


class DatabaseCreation(PostgresCreation):
    """Test databases are read back as their owner."""

    @as_login()
    def serialize_db_to_string(self) -> str:
        return super().serialize_db_to_string()


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects, sets up and creates databases as the login; runs everything else in the scope."""

    creation_class = DatabaseCreation

    def get_connection_params(self) -> dict[str, Any]:
        # Django's cursors never prepare; those of prepared.py always do, and psycopg wants a number to allow it
        ours = {"application_name": FRESH, "cursor_factory": ScopedCursor, "prepare_threshold": 0}
        return {**super().get_connection_params(), **ours}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Row]:
        connection: Connection[Row] = super().get_new_connection(conn_params)
        connection.server_cursor_factory = ScopedServerCursor  # type: ignore[assignment]  # the stubs hide its base
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor[Row]:
        if name is None:
            cursor: Cursor[Row] = super().create_cursor()
            return cursor
        server_cursor: Cursor[Row] = self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)
        return server_cursor

    @as_login()  # a pool runs this in a thread of its own, where the roles may not even exist yet
    def _configure_connection(self, connection: Connection[Row]) -> bool:
        changed: bool = super()._configure_connection(connection)  # type: ignore[misc]
        # what prepared.py prepares is planned once; else PostgreSQL goes on planning some of it anew for every call
        connection.pgconn.exec_(b"SET plan_cache_mode = force_generic_plan")
        return changed

    @contextmanager
    def _nodb_cursor(self) -> Iterator[Any]:
        with as_login(), super()._nodb_cursor() as cursor:
            yield cursor
