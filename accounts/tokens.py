"""JSON Web Tokens: what a client shows instead of its person's password.

They end with the password: each carries the hash that also ends browser sessions when the password changes.
"""

from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import RevokedToken, User

__all__ = ["TokenError", "issue", "named_by", "owner_of", "prune", "refresh", "revoke"]

_SESSION = "session"


def issue(user: User) -> RefreshToken:
    """A new refresh token; its `access_token` opens the API and the socket."""
    token = RefreshToken.for_user(user)
    token[_SESSION] = _fingerprint(user)
    return token


def named_by(text: str) -> User | None:
    """The person that a valid access token names, with their tenant, whether or not they may still come in."""
    try:
        return _named_by(AccessToken(text))  # type: ignore[arg-type]  # the library means str
    except TokenError:
        return None


def owner_of(text: str) -> User | None:
    """The person that an access token lets in, with their tenant; None when it lets nobody in (any more)."""
    user = named_by(text)
    return user if user and _may_enter(user) else None


def refresh(text: str) -> AccessToken:
    """A new access token for a refresh token that still holds. Raises TokenError."""
    token = RefreshToken(text)  # type: ignore[arg-type]
    user = _named_by(token)
    if user is None or not _may_enter(user) or RevokedToken.objects.filter(jti=token["jti"]).exists():
        raise TokenError("This token has been withdrawn.")
    return token.access_token


def revoke(text: str) -> None:
    """Sign a refresh token out; the access tokens that came of it end by themselves. Raises TokenError."""
    token = RefreshToken(text)  # type: ignore[arg-type]
    expires_at = datetime.fromtimestamp(token["exp"], UTC)
    RevokedToken.objects.get_or_create(jti=token["jti"], defaults={"expires_at": expires_at})


def prune() -> int:
    """Forget the revoked tokens that have expired; returns how many went."""
    deleted, _ = RevokedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted


def _named_by(token: Token) -> User | None:
    found = User.objects.select_related("tenant").filter(pk=_user_id(token)).first()
    return found if found and token.get(_SESSION) == _fingerprint(found) else None


def _may_enter(user: User) -> bool:
    return user.is_active and (user.tenant is None or user.tenant.is_active)


def _user_id(token: Token) -> UUID:
    try:
        return UUID(str(token.get("user_id")))
    except ValueError as error:
        raise TokenError("This token names nobody.") from error


def _fingerprint(user: User) -> str:
    return user.get_session_auth_hash()[:16]
