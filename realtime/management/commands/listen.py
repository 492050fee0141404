"""`manage.py listen --email ana@acme.test`: connects as a client would and prints every event, for people who debug."""

import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from accounts import tokens
from accounts.models import User

PLAIN = {"connected": "SUCCESS", "server:shutdown": "WARNING", "session:expired": "WARNING"}


class Command(BaseCommand):
    """Print what a person's socket hears until Ctrl-C or until the server closes it."""

    help = "Connect to the socket as somebody and print every event in colour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="whose socket to open")
        parser.add_argument("--url", default=_socket_url(settings.SITE_URL), help="default: %(default)s")
        parser.add_argument("--join", action="append", default=[], metavar="ID", help="a conversation to view as well")
        parser.add_argument("--count", type=int, default=0, help="stop after so many events")

    def handle(self, *_args: Any, email: str, url: str, join: list[str], count: int, **_options: Any) -> None:
        try:
            with connect(url, additional_headers=_proof(email), max_size=None) as socket:
                for conversation_id in join:
                    socket.send(json.dumps({"type": "conversation:join", "data": {"conversationId": conversation_id}}))
                self._print_events(iter(socket), count)
        except KeyboardInterrupt:
            return
        except ConnectionClosed as closed:
            raise CommandError(f"The server closed the socket: {closed}") from closed
        except (OSError, InvalidHandshake) as error:
            raise CommandError(f"{url} cannot be reached: {error}") from error

    def _print_events(self, frames: Any, count: int) -> None:
        printed = 0
        for frame in frames:
            found = json.loads(frame)
            for event in found if isinstance(found, list) else [found]:
                self._print(event)
                printed += 1
            if count and printed >= count:
                return

    def _print(self, event: dict[str, Any]) -> None:
        place = f"{event['prev']:>6} → {event['seq']:<6}" if "prev" in event else " " * 15
        style = getattr(self.style, PLAIN.get(event["type"], "HTTP_INFO"))
        data = event.get("data", event.get("error"))
        self.stdout.write(
            f"{event.get('at', '')} {place} {style(event['type'])} {json.dumps(data, ensure_ascii=False)}"
        )


def _socket_url(site: str) -> str:
    parts = urlsplit(site)
    return urlunsplit(("wss" if parts.scheme == "https" else "ws", parts.netloc, "/ws/", "", ""))


def _proof(email: str) -> dict[str, str]:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody has the address {email}.")
    return {"Authorization": f"Bearer {tokens.issue(user).access_token}"}
