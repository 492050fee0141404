"""Whom proofs name. Those who come together are looked up together: a thousand cost some twenty statements."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from uuid import UUID

from accounts import browsers, tokens
from accounts.models import User
from accounts.queries import colleagues, team_ids
from accounts.serializers import PersonObject, TenantObject, person_object, tenant_object
from accounts.standing import Admission, secrets_of, standing_of
from realtime.proofs import FORBIDDEN, UNAUTHENTICATED, Cookie, Proof, Refused, Token
from realtime.rooms import open_to, rooms_of
from tenancy.models import Tenant
from tenancy.postgresql.prepared import Prepared, columns, loaded

Claim: TypeAlias = tokens.Claim | browsers.Claim
"""What a proof says, before anybody has looked whether that is still so."""

_USER_FIELDS = len(User._meta.concrete_fields)

# one snapshot: the rooms are those that were open when the log ended with this seq
_ARRIVALS = Prepared(f"""
SELECT place, EXISTS (SELECT FROM accounts_revokedtoken WHERE jti = sign_in),
    ARRAY(SELECT team_id FROM accounts_membership WHERE user_id = person.id),
    ARRAY(SELECT conversation_id FROM conversations_participant WHERE user_id = person.id AND left_at IS NULL),
    COALESCE((SELECT seq FROM events_counter WHERE events_counter.tenant_id = person.tenant_id), 0),
    {columns(User, "person")}, {columns(Tenant, "tenant")}
FROM ROWS FROM (unnest(%s::uuid[]), unnest(%s::text[])) WITH ORDINALITY AS claimed (user_id, sign_in, place)
JOIN accounts_user AS person ON person.id = claimed.user_id
LEFT JOIN tenancy_tenant AS tenant ON tenant.id = person.tenant_id
""")  # noqa: S608 - columns of ours


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


@dataclass(frozen=True, slots=True)
class _Arrival:
    """How the person of a claim stands now; `is_withdrawn`: the sign-in has been ended."""

    user: User
    is_withdrawn: bool
    teams: Collection[UUID]
    chats: Collection[UUID]
    seq: int


def identify(proofs: Sequence[Proof]) -> list[Member | Refused]:
    """Whom each of them names, or why it lets nobody in. In the scope of every tenant."""
    claims = _claims(set(proofs))
    arrivals = _arrivals(list(set(claims.values())))
    found = {proof: _judged(proof, claims.get(proof), arrivals) for proof in set(proofs)}
    return [found[proof] for proof in proofs]


def _claims(proofs: AbstractSet[Proof]) -> dict[Proof, Claim]:
    said: dict[Proof, Claim | None] = {
        proof: tokens.claim_of(proof.text) for proof in proofs if isinstance(proof, Token)
    }
    if cookies := [proof for proof in proofs if isinstance(proof, Cookie)]:
        pages = browsers.claims_of([cookie.session_key for cookie in cookies])
        said |= {cookie: pages.get(cookie.session_key) for cookie in cookies}
    return {proof: claim for proof, claim in said.items() if claim}


def _arrivals(claims: Sequence[Claim]) -> dict[Claim, _Arrival]:
    if not claims:
        return {}
    sign_ins = [claim.sign_in if isinstance(claim, tokens.Claim) else "" for claim in claims]
    rows = _ARRIVALS.rows([claim.user_id for claim in claims], sign_ins)
    return {claims[place - 1]: _arrival(row) for place, *row in rows}


def _arrival(row: Sequence[Any]) -> _Arrival:
    is_withdrawn, teams, chats, seq, *fields = row
    user = loaded(User, fields[:_USER_FIELDS])
    user.tenant = loaded(Tenant, fields[_USER_FIELDS:]) if user.tenant_id else None
    return _Arrival(user, is_withdrawn, teams, chats, seq)


def _judged(proof: Proof, claim: Claim | None, arrivals: Mapping[Claim, _Arrival]) -> Member | Refused:
    arrival = arrivals.get(claim) if claim else None
    if claim is None or arrival is None or arrival.is_withdrawn or not claim.names(arrival.user):
        return Refused(UNAUTHENTICATED, proof.REFUSAL)
    tenant = arrival.user.tenant
    if not arrival.user.is_active or tenant is None or not tenant.is_active:
        return Refused(FORBIDDEN, "not a member")
    return _member(claim, arrival, tenant)


def _member(claim: Claim, arrival: _Arrival, tenant: Tenant) -> Member:
    user = arrival.user
    return Member(
        user_id=user.pk,
        tenant_id=tenant.pk,
        language=user.language or tenant.language,
        user=person_object(user),
        tenant=tenant_object(tenant),
        seq=arrival.seq,
        rooms=rooms_of(user, arrival.teams, arrival.chats),
        admission=_admission(claim, user, arrival.teams),
    )


def _admission(claim: Claim, user: User, teams: Collection[UUID]) -> Admission:
    secrets, standing = secrets_of(user), standing_of(user, teams)
    if isinstance(claim, tokens.Claim):
        return Admission(user.pk, secrets, standing, sign_in=claim.sign_in, expires_at=claim.expires_at)
    return Admission(user.pk, secrets, standing, session_key=claim.session_key)


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
