"""What an open connection rests on, and whether it still holds: the rows are asked, nothing is remembered."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import NamedTuple
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Membership, RevokedToken, User


class Ending(StrEnum):
    """Why a connection is over."""

    EXPIRED = auto()  # the token's time is up
    SIGNED_OUT = auto()  # here or everywhere, also by a new password
    DEACTIVATED = auto()  # the person or the tenant


class Standing(NamedTuple):
    """What of a person decides about their connections. `secrets` is compared within this process, never shown."""

    secrets: int
    role: str
    teams: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Admission:
    """On what somebody came in: as they were then, by a browser's session or by a token of some sign-in."""

    user_id: UUID
    standing: Standing
    session_key: str = ""
    sign_in: str = ""
    expires_at: datetime | None = None


def standing_of(user: User, teams: frozenset[UUID]) -> Standing:
    """How somebody stands whose row was read just now."""
    return Standing(_secrets(user.password, user.sign_outs), user.role, teams)


def judge(admissions: Sequence[Admission]) -> list[Standing | Ending]:
    """What has become of each: how its person stands now, or why it is over. In the scope of every tenant."""
    now = timezone.now()
    people = _standings({each.user_id for each in admissions})
    browsers = _signed_in({each.session_key for each in admissions if each.session_key}, now)
    withdrawn = _signed_out({each.sign_in for each in admissions if each.sign_in})

    def verdict(each: Admission) -> Standing | Ending:
        person = people.get(each.user_id)
        if person is None:
            return Ending.DEACTIVATED
        if person.secrets != each.standing.secrets or each.sign_in in withdrawn:
            return Ending.SIGNED_OUT
        if each.session_key and each.session_key not in browsers:
            return Ending.SIGNED_OUT
        return Ending.EXPIRED if each.expires_at and each.expires_at <= now else person

    return [verdict(each) for each in admissions]


def _standings(user_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Of those who may be here at all."""
    teams: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for user_id, team_id in Membership.objects.filter(user__in=user_ids).values_list("user_id", "team_id"):
        teams[user_id].add(team_id)
    active = User.objects.filter(pk__in=user_ids, is_active=True, tenant__is_active=True)
    rows = active.values_list("pk", "password", "sign_outs", "role")
    return {
        pk: Standing(_secrets(password, sign_outs), role, frozenset(teams[pk]))
        for pk, password, sign_outs, role in rows
    }


def _secrets(password: str, sign_outs: int) -> int:
    return hash((password, sign_outs))


def _signed_in(session_keys: Collection[str], now: datetime) -> set[str]:
    if not session_keys:
        return set()
    return set(Session.objects.filter(pk__in=session_keys, expire_date__gt=now).values_list("session_key", flat=True))


def _signed_out(sign_ins: Collection[str]) -> set[str]:
    if not sign_ins:
        return set()
    return set(RevokedToken.objects.filter(jti__in=sign_ins).values_list("jti", flat=True))
