"""The proofs that a socket may offer of who is connecting; members.py finds whom they name."""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import parse_cookie

UNAUTHENTICATED = 4401
FORBIDDEN = 4403

SUBPROTOCOL = "recado.v1"
BEARER = "bearer."
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Refused(Exception):
    """This proof lets nobody in. `code` closes the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class ForeignOrigin(Exception):
    """A page of another site rides on the session cookie: refused before the handshake is finished."""


@dataclass(frozen=True, slots=True)
class Token:
    """A JWT access token."""

    REFUSAL: ClassVar[str] = "bad token"
    text: str


@dataclass(frozen=True, slots=True)
class Cookie:
    """A browser's session."""

    REFUSAL: ClassVar[str] = "signed out"
    session_key: str


Proof: TypeAlias = Token | Cookie


def offered(scope: dict[str, Any]) -> Proof | None:
    """The proof in the handshake, or None: then the first frame has to bring it. Raises ForeignOrigin."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    token = _bearer_subprotocol(scope) or _bearer_header(headers) or query_value(scope, "access_token")
    if token:
        return Token(token)
    session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    if not session_key:
        return None
    if not _is_same_origin(headers):
        raise ForeignOrigin
    return Cookie(session_key)


def subprotocol(scope: dict[str, Any]) -> str | None:
    """What to select of the offered subprotocols: never the one that holds the token."""
    return SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None


def query_value(scope: dict[str, Any], name: str) -> str:
    """The last value of a parameter in the address, or an empty string."""
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get(name, [""])[-1]


def _bearer_subprotocol(scope: dict[str, Any]) -> str:
    found = (each for each in scope.get("subprotocols", ()) if each.startswith(BEARER))
    return next(found, "").removeprefix(BEARER)


def _bearer_header(headers: dict[str, str]) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _is_same_origin(headers: dict[str, str]) -> bool:
    """Browsers always send Origin with a websocket handshake; whoever sends none is no browser."""
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin.lower())
    except ValueError:  # no browser's
        return False
    return parts.netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, "")) == headers.get("host", "").lower()
