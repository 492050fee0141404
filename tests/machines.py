"""Clients that prove by bearer token who they are, and talk JSON."""

import json
from typing import Any

from django.test import Client

from accounts import tokens
from accounts.models import User


class Machine(Client):
    """`machine.send("PATCH", "/api/…", {"status": "RESOLVED"})`."""

    def __init__(self, user: User) -> None:
        super().__init__(headers={"Authorization": f"Bearer {tokens.issue(user).access_token}"})

    def send(self, method: str, path: str, data: object = None, **headers: str) -> Any:
        """The response to a request with a JSON body; `Idempotency_Key="…"` is a header."""
        body = data if isinstance(data, bytes) else b"" if data is None else json.dumps(data).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.generic(method, path, body, "application/json", headers=named)
