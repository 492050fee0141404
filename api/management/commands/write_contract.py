"""`manage.py write_contract`: what the JavaScript client knows of the server (`make contract` calls it)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from api import typescript

FOLDER = settings.BASE_DIR / "static" / "js" / "socket"


class Command(BaseCommand):
    """Run after changing a command, an event or an object."""

    help = "Write the types and methods of the JavaScript client anew, from the registry of commands and the events."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        (FOLDER / "contract.d.ts").write_text(typescript.declarations(), "utf-8")
        (FOLDER / "commands.js").write_text(typescript.methods(), "utf-8")
