"""Commands that serve tenants."""

from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, OperationalError

from tenancy.memory import keep_what_is_loaded


class ServingCommand(BaseCommand):
    """Runs as long as the installation does. As web and workers do, it refuses a login that row-level security does not
    bind; a database that is away keeps nobody from starting.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            self.check(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
        except OperationalError as error:
            self.stderr.write(f"The database could not be asked whether row-level security binds the login: {error}")
        keep_what_is_loaded()
        return super().execute(*args, **options)
