"""JSON Web Tokens: what a client shows instead of its person's password.

They end with the password and with signing out: each carries the hash that also ends browser sessions, and the id of
the sign-in that it comes from.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Exists
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import RevokedToken, User

__all__ = ["Grant", "TokenError", "granted_by", "issue", "owner_of", "prune", "refresh", "revoke"]

_SESSION = "session"
_SIGN_IN = "signIn"


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for: a person with their tenant, one of their sign-ins, and until when."""

    user: User
    sign_in: str
    expires_at: datetime


def issue(user: User) -> RefreshToken:
    """A new refresh token; its `access_token` opens the API and the socket."""
    token = RefreshToken.for_user(user)
    token[_SESSION] = _fingerprint(user)
    token[_SIGN_IN] = token["jti"]
    return token


def granted_by(text: str) -> Grant | None:
    """What a valid access token grants, whether or not its person may still come in."""
    try:
        token = AccessToken(text)  # type: ignore[arg-type]  # the library means str
        user = _named_by(token)
    except TokenError:
        return None
    return Grant(user, _sign_in(token), _end(token)) if user else None


def owner_of(text: str) -> User | None:
    """The person that an access token lets in, with their tenant; None when it lets nobody in (any more)."""
    grant = granted_by(text)
    return grant.user if grant and _may_enter(grant.user) else None


def refresh(text: str) -> AccessToken:
    """A new access token for a refresh token that still holds. Raises TokenError."""
    token = RefreshToken(text)  # type: ignore[arg-type]
    user = _named_by(token)
    if user is None or not _may_enter(user):
        raise TokenError("This token has been withdrawn.")
    return token.access_token


def revoke(text: str) -> User | None:
    """Sign a refresh token out, and with it the access tokens that came of it. Raises TokenError.

    Returns the person, or None if it was no good any more.
    """
    token = RefreshToken(text)  # type: ignore[arg-type]
    user = _named_by(token)
    expires_at = _end(token) + AccessToken.lifetime  # the last access token may be made just before
    RevokedToken.objects.get_or_create(jti=_sign_in(token), defaults={"expires_at": expires_at})
    return user


def prune() -> int:
    """Forget the revoked tokens that have expired; returns how many went."""
    deleted, _ = RevokedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted


def _named_by(token: Token) -> User | None:
    withdrawn = Exists(RevokedToken.objects.filter(jti=_sign_in(token)))
    found = User.objects.select_related("tenant").filter(~withdrawn, pk=_user_id(token)).first()
    return found if found and token.get(_SESSION) == _fingerprint(found) else None


def _may_enter(user: User) -> bool:
    return user.is_active and (user.tenant is None or user.tenant.is_active)


def _sign_in(token: Token) -> str:
    return str(token.get(_SIGN_IN, token["jti"]))


def _end(token: Token) -> datetime:
    return datetime.fromtimestamp(token["exp"], UTC)


def _user_id(token: Token) -> UUID:
    try:
        return UUID(str(token.get("user_id")))
    except ValueError as error:
        raise TokenError("This token names nobody.") from error


def _fingerprint(user: User) -> str:
    return user.get_session_auth_hash()[:16]
