"""The tables are emptied after every test that committed.

Django's own way makes content types and permissions anew each time, which takes longer than most of these tests.
"""

from functools import cache

from django.core.management.color import no_style
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

from tenancy.scope import owner
from tests.waiting import eventually

LEFT = {"django_content_type", "auth_permission"}
"""What `migrate` fills and nobody changes."""


@owner()
def empty_tables() -> None:
    """All but those. A server that reads at that moment dead-locks with us: it will have finished the next time."""
    eventually(_are_emptied)


def _are_emptied() -> bool:
    try:
        connection.ops.execute_sql_flush(_statements())
    except OperationalError as error:
        if not isinstance(error.__cause__, DeadlockDetected):
            raise
        return False
    return True


@cache
def _statements() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return connection.ops.sql_flush(no_style(), sorted(set(names) - LEFT))
