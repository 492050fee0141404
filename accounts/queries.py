"""People worth finding."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Membership, User
from tenancy.scope import current_tenant_id


def colleagues() -> QuerySet[User]:
    """Everybody who works for the current tenant."""
    return User.objects.filter(tenant_id=current_tenant_id(), is_active=True).order_by("name", "id")


def team_ids(user: User) -> frozenset[UUID]:
    """The teams that somebody is in."""
    return frozenset(Membership.objects.filter(user=user).values_list("team_id", flat=True))
