"""`ENGINE = "tenancy.postgresql"`: Django's PostgreSQL backend, whose cursors tell PostgreSQL the tenant scope.

The cursors and not an `execute_wrapper`, which would miss `copy()` and `stream()`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation
from psycopg import Copy, Cursor

from tenancy.postgresql.telling import FRESH, tell
from tenancy.scope import as_login


class Telling(Cursor[Any]):
    """Every way to run a statement, preceded by the scope."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        tell(self.connection)
        return super().execute(*args, **kwargs)

    def executemany(self, *args: Any, **kwargs: Any) -> None:
        tell(self.connection)
        super().executemany(*args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        tell(self.connection)
        return super().stream(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> AbstractContextManager[Copy]:
        tell(self.connection)
        return super().copy(*args, **kwargs)


class ScopedCursor(Telling, base.Cursor): ...


class ScopedServerSideCursor(Telling, base.ServerSideCursor): ...


class DatabaseCreation(PostgresCreation):
    def serialize_db_to_string(self) -> str:
        with as_login():
            return super().serialize_db_to_string()


class DatabaseWrapper(base.DatabaseWrapper):
    creation_class = DatabaseCreation

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "application_name": FRESH, "cursor_factory": ScopedCursor}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.server_cursor_factory = ScopedServerSideCursor
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        if name is None:
            return super().create_cursor()
        connection: Any = self.connection
        return ScopedServerSideCursor(connection, name=name, scrollable=False, withhold=connection.autocommit)

    def _configure_connection(self, connection: Any) -> bool:
        with as_login():  # a pool runs this in a thread of its own, maybe before the roles exist
            return super()._configure_connection(connection)

    @contextmanager
    def _nodb_cursor(self) -> Iterator[Any]:
        with as_login(), super()._nodb_cursor() as cursor:
            yield cursor
