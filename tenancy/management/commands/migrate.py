from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from tenancy.postgresql.roles import admit
from tenancy.scope import owner


class Command(migrate.Command):
    """Migrates as the owner of the tables, then lets the application's login take on the roles that RLS binds."""

    @owner()
    def execute(self, *args: Any, **options: Any) -> str | None:
        """From the system checks on: they would take the owner for a login that nothing binds."""
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            with connections[options["database"]].cursor() as cursor:
                admit(cursor, settings.APPLICATION_LOGIN)
