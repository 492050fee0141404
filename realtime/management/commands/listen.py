"""`manage.py listen --email ana@acme.test`: connects as a client would and prints every event, for people who debug."""

import asyncio
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from websockets.exceptions import WebSocketException

from accounts import tokens
from accounts.models import User
from recado_client import Client, Closed, Event
from recado_client import CommandError as CommandRefused

PLAIN = {"connected": "SUCCESS", "server:shutdown": "WARNING", "session:expired": "WARNING"}


class Command(BaseCommand):
    """Print what a person's socket hears until Ctrl-C or until the server wants it no more."""

    help = "Connect to the socket as somebody and print every event in colour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="whose socket to open")
        parser.add_argument("--url", default=settings.SITE_URL, help="default: %(default)s")
        parser.add_argument("--join", action="append", default=[], metavar="ID", help="a conversation to view as well")
        parser.add_argument("--count", type=int, default=0, help="stop after so many events")

    def handle(self, *_args: Any, email: str, url: str, join: list[str], count: int, **_options: Any) -> None:
        client = Client(url, token=_token(email))
        try:
            asyncio.run(self._listen(client, join, count))
        except KeyboardInterrupt:
            return
        except (Closed, CommandRefused) as error:
            raise CommandError(f"The server refuses: {error}") from error
        except (OSError, WebSocketException) as error:
            raise CommandError(f"{url} cannot be reached: {error}") from error

    async def _listen(self, client: Client, join: list[str], count: int) -> None:
        printed = 0
        async with client:
            for conversation_id in join:
                await client.join(conversation_id)
            async for event in client:
                self._print(event)
                printed += 1
                if printed == count:
                    return

    def _print(self, event: Event) -> None:
        place = " " * 15 if event.seq is None else f"{_number(event.prev):>6} → {event.seq:<6}"
        style = getattr(self.style, PLAIN.get(event.type, "HTTP_INFO"))
        self.stdout.write(f"{event.at} {place} {style(event.type)} {json.dumps(event.data, ensure_ascii=False)}")


def _number(prev: int | None) -> str:
    """Empty for an event that was fetched."""
    return "" if prev is None else str(prev)


def _token(email: str) -> str:
    try:
        user = User.objects.get_by_natural_key(email)
    except User.DoesNotExist as error:
        raise CommandError(f"Nobody has the address {email}.") from error
    return str(tokens.issue(user).access_token)
