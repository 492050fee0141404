"""Who is connecting: the proofs that a socket may offer, and whom they name."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from accounts import tokens
from accounts.models import User
from accounts.serializers import PersonObject, TenantObject, person_object, tenant_object
from realtime.rooms import own_rooms
from tenancy.models import Tenant

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

    text: str


@dataclass(frozen=True, slots=True)
class Cookie:
    """A browser's session."""

    session_key: str


Proof: TypeAlias = Token | Cookie


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who has proved who they are."""

    user_id: UUID
    tenant_id: UUID
    language: str
    user: PersonObject
    tenant: TenantObject
    rooms: frozenset[str]


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
    parts = urlsplit(origin.lower())
    return parts.netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, "")) == headers.get("host", "").lower()


def identify(proof: Proof) -> Member:
    """Whom a proof names. Runs in the scope of every tenant; raises Refused."""
    user = _token_user(proof.text) if isinstance(proof, Token) else _session_user(proof.session_key)
    if not user.is_active or user.tenant is None or not user.tenant.is_active:
        raise Refused(FORBIDDEN, "not a member")
    return _member(user, user.tenant)


def _token_user(text: str) -> User:
    user = tokens.named_by(text)
    if user is None:
        raise Refused(UNAUTHENTICATED, "bad token")
    return user


def _session_user(session_key: str) -> User:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User):
        raise Refused(UNAUTHENTICATED, "signed out")
    return user


def _member(user: User, tenant: Tenant) -> Member:
    return Member(
        user_id=user.pk,
        tenant_id=tenant.pk,
        language=user.language or tenant.language,
        user=person_object(user),
        tenant=tenant_object(tenant),
        rooms=own_rooms(user),
    )
