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

__all__ = ["Claim", "TokenError", "claim_of", "issue", "owner_of", "prune", "refresh", "revoke"]

_SESSION = "session"
_SIGN_IN = "signIn"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says: whom it names, by which of their sign-ins, until when."""

    user_id: UUID
    sign_in: str
    expires_at: datetime
    fingerprint: str

    def names(self, user: User) -> bool:
        """Whether its person has kept the password since, and signed out nowhere."""
        return self.fingerprint == _fingerprint(user)


def issue(user: User) -> RefreshToken:
    """A new refresh token; its `access_token` opens the API and the socket."""
    token = RefreshToken.for_user(user)
    token[_SESSION] = _fingerprint(user)
    token[_SIGN_IN] = token["jti"]
    return token


def claim_of(text: str) -> Claim | None:
    """What an access token of ours says whose time is not up. Asks no row: it may have been withdrawn since."""
    try:
        return _claim(AccessToken(text))  # type: ignore[arg-type]  # the library means str
    except TokenError:
        return None


def owner_of(text: str) -> User | None:
    """The person that an access token lets in, with their tenant; None when it lets nobody in (any more)."""
    claim = claim_of(text)
    user = _named_by(claim) if claim else None
    return user if user and user.may_enter else None


def refresh(text: str) -> AccessToken:
    """A new access token for a refresh token that still holds. Raises TokenError."""
    token = RefreshToken(text)  # type: ignore[arg-type]
    user = _named_by(_claim(token))
    if user is None or not user.may_enter:
        raise TokenError("This token has been withdrawn.")
    return token.access_token


def revoke(text: str) -> User | None:
    """Sign a refresh token out, and with it the access tokens that came of it. Raises TokenError.

    Returns the person, or None if it was no good any more.
    """
    token = RefreshToken(text)  # type: ignore[arg-type]
    claim = _claim(token)
    user = _named_by(claim)
    expires_at = claim.expires_at + AccessToken.lifetime  # the last access token may be made just before
    RevokedToken.objects.get_or_create(jti=claim.sign_in, defaults={"expires_at": expires_at})
    return user


def prune() -> int:
    """Forget the revoked tokens that have expired; returns how many went."""
    deleted, _ = RevokedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted


def _named_by(claim: Claim) -> User | None:
    withdrawn = Exists(RevokedToken.objects.filter(jti=claim.sign_in))
    found = User.objects.select_related("tenant").filter(~withdrawn, pk=claim.user_id).first()
    return found if found and claim.names(found) else None


def _claim(token: Token) -> Claim:
    return Claim(
        user_id=_user_id(token),
        sign_in=str(token.get(_SIGN_IN, token["jti"])),
        expires_at=datetime.fromtimestamp(token["exp"], UTC),
        fingerprint=str(token.get(_SESSION)),
    )


def _user_id(token: Token) -> UUID:
    try:
        return UUID(str(token.get("user_id")))
    except ValueError as error:
        raise TokenError("This token names nobody.") from error


def _fingerprint(user: User) -> str:
    return user.get_session_auth_hash()[:16]
