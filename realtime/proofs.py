"""Who is connecting: the proofs that a socket may offer, and whom they name."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from accounts import tokens
from accounts.models import User
from accounts.queries import colleagues, team_ids
from accounts.serializers import PersonObject, TenantObject, person_object, tenant_object
from accounts.standing import Admission, secrets_of, standing_of
from events.log import newest_seq
from realtime.rooms import open_to, own_rooms
from tenancy.scope import tenant_scope

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
    seq: int
    rooms: frozenset[str]
    admission: Admission


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
    return _token_member(proof.text) if isinstance(proof, Token) else _browser_member(proof.session_key)


def _token_member(text: str) -> Member:
    grant = tokens.granted_by(text)
    if grant is None:
        raise Refused(UNAUTHENTICATED, "bad token")
    return _member(grant.user, sign_in=grant.sign_in, expires_at=grant.expires_at)


def _browser_member(session_key: str) -> Member:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User):
        raise Refused(UNAUTHENTICATED, "signed out")
    return _member(user, session_key=session_key)


def _member(user: User, **grounds: Any) -> Member:
    tenant = user.tenant
    if not user.is_active or tenant is None or not tenant.is_active:
        raise Refused(FORBIDDEN, "not a member")
    teams = team_ids(user)
    with tenant_scope(tenant):
        seq = newest_seq()  # before the rooms: whatever door moves after it is followed
        rooms = own_rooms(user, teams)
    return Member(
        user_id=user.pk,
        tenant_id=tenant.pk,
        language=user.language or tenant.language,
        user=person_object(user),
        tenant=tenant_object(tenant),
        seq=seq,
        rooms=rooms,
        admission=Admission(user.pk, secrets_of(user), standing_of(user, teams), **grounds),
    )


def review(member: Member, rooms: AbstractSet[str]) -> Member | None:
    """How somebody stands now who has been in `rooms`; `rooms` are those that are open to them.

    None for somebody who is no member any more. In the tenant's scope.
    """
    user = colleagues().select_related("tenant").filter(pk=member.user_id).first()
    if user is None or user.tenant is None:
        return None
    return replace(
        member,
        user=person_object(user),
        tenant=tenant_object(user.tenant),
        rooms=open_to(user, rooms),
        admission=replace(member.admission, standing=standing_of(user, team_ids(user))),
    )
