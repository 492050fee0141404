from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from psycopg.errors import DeadlockDetected

from tenancy.scope import owner

ATTEMPTS = 5


class Command(flush.Command):
    """Empties the tables as their owner: the application may not TRUNCATE.

    Emptying locks all tables, in an order of its own: a running server that reads two of them at that moment
    dead-locks with it. PostgreSQL then refuses us, and the next try finds the reader gone.
    """

    @owner()
    def handle(self, **options: Any) -> None:
        for _ in range(ATTEMPTS - 1):
            try:
                super().handle(**options)
            except CommandError as error:
                if not _was_deadlock(error):
                    raise
            else:
                return
        super().handle(**options)


def _was_deadlock(error: CommandError) -> bool:
    cause = error.__cause__  # Django's error, which PostgreSQL's has caused
    return isinstance(getattr(cause, "__cause__", None), DeadlockDetected)
