from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from demo.seeding import seed


class Command(BaseCommand):
    """`manage.py seed_demo`: the demo tenants, once."""

    help = "Create the demo tenants acme and globex with people, numbers and conversations, unless they exist."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse outside demo and test mode: the password is public."""
        if settings.IS_PRODUCTION:
            raise CommandError("Demo data is for RECADO_MODE=demo only.")
        with transaction.atomic():  # all of it or none, and nobody hears of it before it is complete
            created = seed()
        self.stdout.write("Demo data created." if created else "Demo data is there already.")
