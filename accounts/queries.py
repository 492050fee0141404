"""People worth finding."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Membership, User
from tenancy.scope import current_tenant_id


def colleagues() -> QuerySet[User]:
    """Everybody who works for the current tenant."""
    return User.objects.filter(tenant_id=current_tenant_id(), is_active=True).order_by("name", "id")


def team_ids(user: User) -> frozenset[UUID]:
    """The teams that somebody is in."""
    return frozenset(Membership.objects.filter(user=user).values_list("team_id", flat=True))


MOST_PEOPLE = 50


def search_people(words: str) -> QuerySet[User]:
    """The first colleagues by name whose name or e-mail address contains `words`."""
    return colleagues().filter(Q(name__icontains=words) | Q(email__icontains=words))[:MOST_PEOPLE]
