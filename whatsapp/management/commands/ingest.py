"""`manage.py ingest`: the program that turns deliveries into messages."""

import signal
import threading
from typing import Any

from tenancy.commands import ServingCommand
from whatsapp import ingester


class Command(ServingCommand):
    """Runs until SIGTERM or SIGINT; a second one beside it stands by."""

    help = "Take in what Meta delivers, as it arrives. One works, others stand by."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Finish the batch in hand when asked to stop."""
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        ingester.run(stopping)
