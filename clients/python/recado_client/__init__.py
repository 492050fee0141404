"""An async client for Recado's socket: commands, numbered events, reconnection and catch-up. See README.md."""

from recado_client.client import Client
from recado_client.errors import Closed, CommandError, ConnectionLost, SignInFailed
from recado_client.events import Event

__all__ = ["Client", "Closed", "CommandError", "ConnectionLost", "Event", "SignInFailed"]
