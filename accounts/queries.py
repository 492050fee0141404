"""People worth finding."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Membership, User
from tenancy.postgresql.prepared import Prepared, columns, loaded
from tenancy.scope import current_tenant_id


def colleagues() -> QuerySet[User]:
    """Everybody who works for the current tenant."""
    return User.objects.filter(tenant_id=current_tenant_id(), is_active=True).order_by("name", "id")


_COLLEAGUE = Prepared(
    f"SELECT {columns(User, 'person')} FROM accounts_user AS person WHERE id = %s AND tenant_id = %s AND is_active"  # noqa: S608  columns of ours
)


def colleague(user_id: UUID) -> User | None:
    """One of them, as the row is now: asked before every command, hence prepared."""
    rows = _COLLEAGUE.rows(user_id, current_tenant_id())
    return loaded(User, rows[0]) if rows else None


class Colleague(NamedTuple):
    """As much of a colleague as long lists show."""

    id: UUID
    name: str
    availability: str
    last_seen_at: datetime | None


_COLLEAGUES = Prepared(
    "SELECT id, name, availability, last_seen_at FROM accounts_user"
    " WHERE tenant_id = %s AND is_active AND id = ANY(%s::uuid[]) ORDER BY name, id"
)


def colleagues_among(user_ids: Iterable[UUID]) -> list[Colleague]:
    """Those of these who are colleagues, maybe thousands, by name."""
    return [Colleague(*row) for row in _COLLEAGUES.rows(current_tenant_id(), list(user_ids))]


def team_ids(user: User) -> frozenset[UUID]:
    """The teams that somebody is in."""
    return frozenset(Membership.objects.filter(user=user).values_list("team_id", flat=True))


MOST_PEOPLE = 50


def search_people(words: str) -> QuerySet[User]:
    """The first colleagues by name whose name or e-mail address contains `words`."""
    return colleagues().filter(Q(name__icontains=words) | Q(email__icontains=words))[:MOST_PEOPLE]
