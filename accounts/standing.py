"""What open connections rest on, and whether it still holds: the rows are asked, nothing is remembered."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

import msgspec
from django.db import connection

from accounts.models import User


class Verdict(StrEnum):
    """What has become of a connection's grounds."""

    DEACTIVATED = auto()  # the person or the tenant
    SIGNED_OUT = auto()  # here or everywhere, also by a new password
    EXPIRED = auto()  # the token's time is up
    CHANGED = auto()  # another name, another role, other teams: the connection may stay


@dataclass(frozen=True, slots=True)
class Admission:
    """On what somebody came in: as they were then, by a browser's session or by a token of some sign-in."""

    user_id: UUID
    secrets: str
    standing: str
    session_key: str = ""
    sign_in: str = ""
    expires_at: datetime | None = None


def secrets_of(user: User) -> str:
    """What ends with the password and with signing out everywhere."""
    return hashlib.md5(f"{user.password} {user.sign_outs}".encode(), usedforsecurity=False).hexdigest()


def standing_of(user: User, teams: Collection[UUID]) -> str:
    """What decides about somebody's rooms and rights, and what they are called there."""
    return " ".join([user.role, user.name, *sorted(map(str, teams))])


def judge(admissions: Sequence[Admission]) -> list[tuple[Admission, Verdict]]:
    """Those of whom there is something to say; nothing about the others. In the scope of every tenant.

    One statement that compares in PostgreSQL: 2 ms of this process for 2,000 people; fetching their rows took 50.
    """
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, [msgspec.json.encode(admissions).decode()])
        return [(admissions[place - 1], Verdict(verdict)) for place, verdict in cursor.fetchall()]


_JUDGE = """
WITH person AS (
    SELECT person.id, md5(password || ' ' || sign_outs) AS secrets, array_to_string(
        ARRAY[role, person.name]::text[] || ARRAY(
            SELECT team_id::text COLLATE "C" FROM accounts_membership WHERE user_id = person.id ORDER BY 1
        ), ' '
    ) AS standing
    FROM accounts_user AS person JOIN tenancy_tenant AS tenant ON tenant.id = tenant_id
    WHERE person.is_active AND tenant.is_active
), judged AS (
    SELECT place, CASE
        WHEN person.id IS NULL THEN 'deactivated'
        WHEN person.secrets <> open.secrets THEN 'signed_out'
        WHEN EXISTS (SELECT FROM accounts_revokedtoken WHERE jti = sign_in) THEN 'signed_out'
        WHEN open.session_key <> '' AND NOT EXISTS (
            SELECT FROM django_session AS browser
            WHERE browser.session_key = open.session_key AND browser.expire_date > now()
        ) THEN 'signed_out'
        WHEN expires_at <= now() THEN 'expired'
        WHEN person.standing <> open.standing THEN 'changed'
    END AS verdict
    FROM ROWS FROM (json_to_recordset(%s) AS (
        user_id uuid, secrets text, standing text, session_key text, sign_in text, expires_at timestamptz
    )) WITH ORDINALITY AS open (user_id, secrets, standing, session_key, sign_in, expires_at, place)
    LEFT JOIN person ON person.id = user_id
)
SELECT place, verdict FROM judged WHERE verdict IS NOT NULL
"""
