from typing import Any

from django.core.management.commands import flush

from tenancy.scope import owner


class Command(flush.Command):
    """Empties the tables as their owner: the application may not TRUNCATE."""

    @owner()
    def handle(self, **options: Any) -> None:
        super().handle(**options)
