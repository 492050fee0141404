"""People and tenants as they travel in answers: one shape each (docs/protocol.md)."""

from collections.abc import Iterable

from accounts.models import User
from events.objects import WireObject
from tenancy.models import Tenant


class PersonObject(WireObject, frozen=True):
    """Somebody who works here."""

    id: str
    name: str
    email: str
    role: str


class PeopleObject(WireObject, frozen=True):
    """Colleagues, the first ones only."""

    items: list[PersonObject]


class TenantObject(WireObject, frozen=True):
    """The company they work for."""

    id: str
    slug: str
    name: str


def person_object(user: User) -> PersonObject:
    """One person, for their colleagues."""
    return PersonObject(id=str(user.pk), name=user.name, email=user.email, role=user.role)


def people_object(users: Iterable[User]) -> PeopleObject:
    """Several of them."""
    return PeopleObject(items=[person_object(user) for user in users])


def tenant_object(tenant: Tenant) -> TenantObject:
    """One tenant, for its people."""
    return TenantObject(id=str(tenant.pk), slug=tenant.slug, name=tenant.name)
