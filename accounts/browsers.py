"""Browsers that are signed in: what the key in a page's cookie stands for."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Claim:
    """What a session says: who signed in there, and what Django has kept of their password."""

    user_id: UUID
    session_key: str
    auth_hash: str

    def names(self, user: User) -> bool:
        """Whether its person has kept the password since, and signed out nowhere."""
        known = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
        return any(constant_time_compare(self.auth_hash, each) for each in known)


def claims_of(session_keys: Collection[str]) -> dict[str, Claim]:
    """By key: what those of these sessions say that somebody has signed in to and that have not run out."""
    possible = filter(str.isalnum, session_keys)  # a cookie may hold anything, and one NUL would spoil it for all
    rows = Session.objects.filter(session_key__in=list(possible), expire_date__gt=timezone.now())
    return {row.session_key: claim for row in rows if (claim := _claim(row))}


def _claim(row: Session) -> Claim | None:
    said = row.get_decoded()
    if said.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS or HASH_SESSION_KEY not in said:
        return None
    return Claim(UUID(said[SESSION_KEY]), row.session_key, said[HASH_SESSION_KEY])
