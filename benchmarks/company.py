"""Who the load is about: tenants with agents and a number each, made fresh for every run."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts import tokens
from accounts.models import Role, User
from kanban.actions import create_default_board
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from whatsapp.models import Number


@dataclass(frozen=True, slots=True)
class Company:
    """One tenant of the run. `tokens`: a JWT for each agent."""

    tenant: Tenant
    phone_number_id: str
    waba_id: str
    tokens: Sequence[str]


def found(tenants: int, agents: int) -> list[Company]:
    """New tenants; every run has its own, so that a database may be used again."""
    run = secrets.token_hex(4)
    with transaction.atomic():
        return [_company(f"bench-{run}-{place}", agents) for place in range(tenants)]


def _company(slug: str, agents: int) -> Company:
    tenant = Tenant.objects.create(slug=slug, name=slug)
    with tenant_scope(tenant):
        create_default_board()
        number = Number.objects.create(phone_number_id=slug, waba_id=f"{slug}-waba", display_number="5511999999999")
    return Company(tenant, number.phone_number_id, number.waba_id, [_token(tenant, place) for place in range(agents)])


def _token(tenant: Tenant, place: int) -> str:
    user = User.objects.create_user(
        f"agent{place}@{tenant.slug}.test", None, tenant=tenant, name=f"Agent {place}", role=Role.AGENT
    )
    return str(tokens.issue(user).access_token)


def app_secret() -> str:
    """What the run's webhooks are signed with: the installation's."""
    secret: str = settings.WHATSAPP_APP_SECRET
    return secret
