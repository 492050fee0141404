"""`manage.py ingest`: the program that turns deliveries into messages."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, OperationalError

from whatsapp import ingester


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT; a second one beside it stands by."""

    help = "Take in what Meta delivers, as it arrives. One works, others stand by."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Finish the batch in hand when asked to stop."""
        self._check_login()
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        ingester.run(stopping)

    def _check_login(self) -> None:
        """As web and workers do: row-level security has to bind it. A database that is away will be waited for."""
        try:
            self.check(databases=[DEFAULT_DB_ALIAS])
        except OperationalError as error:
            self.stderr.write(f"The database could not be asked whether row-level security binds the login: {error}")
