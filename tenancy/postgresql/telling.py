"""Telling PostgreSQL the scope, before every statement for which it has changed.

What a session was told last is kept by the server, in its `application_name`: the one setting that every server reports
back by itself, also when a rollback or a savepoint takes back what was told inside the transaction, when a pool hands
the session on, or when somebody resets it. So nothing has to be remembered here, and `pg_stat_activity` shows which
tenant each session works for. (This needs a session to ourselves: PgBouncer in session mode.)
"""

from functools import lru_cache
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.pq import ExecStatus, TransactionStatus

from tenancy.postgresql.roles import EVERY_ROLE, TENANT_ROLE
from tenancy.scope import OWNER, Reach, Scope, current

_ROLE = {Reach.NONE: TENANT_ROLE, Reach.TENANT: TENANT_ROLE, Reach.EVERY: EVERY_ROLE, Reach.OWNER: "none"}


@lru_cache(maxsize=4096)
def name_of(scope: Scope) -> bytes:
    """The `application_name` of a session that knows the scope."""
    return f"recado:{scope.tenant_id or scope.reach.value}".encode()


# A session that has just begun acts as its login.
FRESH = name_of(OWNER).decode()


def tell(connection: Connection[Any]) -> None:
    """Make the session act in the current scope. Raises OperationalError where it cannot.

    A transaction that is about to begin is begun in the same message: `exec_` adds no BEGIN of psycopg's.
    """
    pgconn, scope = connection.pgconn, current()
    if pgconn.parameter_status(b"application_name") == name_of(scope):
        return
    if pgconn.transaction_status == TransactionStatus.INERROR:
        return  # nothing but a ROLLBACK will run
    result = pgconn.exec_(_statement(scope) + _beginning(connection))
    if result.status != ExecStatus.COMMAND_OK:
        raise OperationalError(f"PostgreSQL was not told the scope (is it migrated?): {result.get_error_message()}")


def _beginning(connection: Connection[Any]) -> bytes:
    """Only the plain BEGIN: psycopg words those of another isolation level itself."""
    if connection.autocommit or connection.pgconn.transaction_status != TransactionStatus.IDLE:
        return b""
    special = (connection.isolation_level, connection.read_only, connection.deferrable)
    return b"; BEGIN" if special == (None, None, None) else b""


def _statement(scope: Scope) -> bytes:
    return (
        f"SET ROLE {_ROLE[scope.reach]}; "
        f"SET app.tenant_id = '{scope.tenant_id or ''}'; "
        f"SET application_name = '{name_of(scope).decode()}'"
    ).encode()
