"""An access token for an e-mail address and a password, over REST."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

from recado_client.errors import SignInFailed

SECONDS = 20

GetToken: TypeAlias = Callable[[], Awaitable[str]]


def socket_url(url: str) -> str:
    """The socket of a site; an address that begins with `ws` is taken as it is."""
    parts = urlsplit(url)
    if parts.scheme in {"ws", "wss"}:
        return url
    return urlunsplit(("wss" if parts.scheme == "https" else "ws", parts.netloc, "/ws/", "", ""))


def by_token(token: str) -> GetToken:
    """Always the same one."""

    async def get() -> str:
        return token

    return get


def by_password(url: str, email: str, password: str) -> GetToken:
    """A fresh one each time. Raises SignInFailed, OSError."""
    parts = urlsplit(url)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    address = urlunsplit((scheme, parts.netloc, "/api/auth/token", "", ""))

    async def get() -> str:
        return await asyncio.to_thread(_sign_in, address, {"email": email, "password": password})

    return get


def _sign_in(address: str, who: dict[str, str]) -> str:
    request = Request(address, json.dumps(who).encode(), {"Content-Type": "application/json"})  # noqa: S310 - http(s)
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return str(json.load(answer)["access"])
    except HTTPError as error:
        with error:
            if error.code in {400, 401, 403}:
                raise SignInFailed(f"{who['email']} was not let in") from error
        raise
