"""JSON Web Tokens: what a client shows instead of its person's password.

They end with the password: each carries the hash that also ends browser sessions when the password changes.
"""

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import RevokedToken, User

__all__ = ["TokenError", "issue", "owner_of", "prune", "refresh", "revoke"]

_SESSION = "session"


def issue(user: User) -> RefreshToken:
    """A new refresh token; its `access_token` opens the API and the socket."""
    token = RefreshToken.for_user(user)
    token[_SESSION] = _fingerprint(user)
    return token


def owner_of(text: str) -> User | None:
    """The person that an access token names, with their tenant; None when it lets nobody in (any more)."""
    try:
        return _owner(AccessToken(text))  # type: ignore[arg-type]  # the library means str
    except TokenError:
        return None


def refresh(text: str) -> AccessToken:
    """A new access token for a refresh token that still holds. Raises TokenError."""
    token = RefreshToken(text)  # type: ignore[arg-type]
    if RevokedToken.objects.filter(jti=token["jti"]).exists() or _owner(token) is None:
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


def _owner(token: Token) -> User | None:
    works = Q(tenant=None) | Q(tenant__is_active=True)
    found = User.objects.select_related("tenant").filter(works, pk=_user_id(token), is_active=True).first()
    return found if found and token.get(_SESSION) == _fingerprint(found) else None


def _user_id(token: Token) -> UUID:
    try:
        return UUID(str(token.get("user_id")))
    except ValueError as error:
        raise TokenError("This token names nobody.") from error


def _fingerprint(user: User) -> str:
    return user.get_session_auth_hash()[:16]
