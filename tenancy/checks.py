"""System checks: what a tenant's rows need is declared on every model, and in force in the database.

`manage.py check` asks the models, `manage.py check --database default` asks PostgreSQL as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, models

from tenancy.constraints import RowLevelSecurity, SameTenant
from tenancy.models import SameTenantKey, TenantManager, TenantModel
from tenancy.postgresql.roles import EVERY_ROLE
from tenancy.scope import OWNER, as_login, current

_UNPROTECTED = """
SELECT relname FROM pg_class
WHERE oid = ANY (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name) AND NOT relrowsecurity
ORDER BY relname
"""

_LOGIN = """
SELECT rolname,
       rolsuper OR rolbypassrls,
       EXISTS (SELECT FROM pg_class WHERE oid = ANY (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
               AND pg_has_role(session_user, relowner, 'MEMBER')),
       EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(session_user, oid, 'USAGE'))
FROM pg_roles WHERE rolname = session_user
"""


@register(Tags.models)
def check_models(app_configs: Sequence[AppConfig] | None = None, **_options: Any) -> list[CheckMessage]:
    """Every TenantModel is confined by its manager, its policy and its foreign keys."""
    return [message for model in _tenant_models(app_configs) for message in _faults(model)]


@register(Tags.database)
def check_database(databases: Iterable[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """The policies are in force, and the login is one that they bind. `migrate` is neither asked nor bound."""
    if current() == OWNER:
        return []
    return [message for alias in databases or () for message in _database_faults(alias)]


def _tenant_models(app_configs: Sequence[AppConfig] | None = None) -> list[type[TenantModel]]:
    return [
        model
        for config in app_configs or apps.get_app_configs()
        for model in config.get_models()
        if issubclass(model, TenantModel)
    ]


def _faults(model: type[TenantModel]) -> Iterator[CheckMessage]:
    constraints = model._meta.constraints
    if not any(isinstance(constraint, RowLevelSecurity) for constraint in constraints):
        yield _error("E001", model, "has no row-level security", "List *tenant_constraints() in Meta.constraints.")
    if not isinstance(model._base_manager, TenantManager) or not isinstance(model._default_manager, TenantManager):
        yield _error(
            "E002", model, "has a manager that forgets the tenant", "Make it with TenantManager.from_queryset()."
        )
    same_tenant = {constraint.field for constraint in constraints if isinstance(constraint, SameTenant)}
    for field in model._meta.get_fields():
        yield from _field_faults(model, field, same_tenant)


def _field_faults(model: type[TenantModel], field: Any, same_tenant: set[str]) -> Iterator[CheckMessage]:
    if isinstance(field, models.ManyToManyField):
        through = field.remote_field.through
        if not (isinstance(through, type) and issubclass(through, TenantModel)):
            yield _error(
                "E003", model, f"links {field.name} by a table without tenants", "Name a `through` TenantModel."
            )
    elif isinstance(field, models.ForeignKey) and _has_tenant(field.related_model):
        if field.name not in same_tenant:
            hint = f'Write tenant_constraints("{field.name}", …).'
            yield _error("E004", model, f"can point with {field.name} at another tenant's row", hint)
        elif not isinstance(field, SameTenantKey):
            yield _error("E007", model, f"has {field.name} checked twice by PostgreSQL", "Make it a SameTenantKey.")


def _has_tenant(target: type[models.Model] | str | None) -> bool:
    if not isinstance(target, type):  # a name that does not resolve: Django's own check says so
        return False
    return any(field.name == "tenant" for field in target._meta.concrete_fields)


def _database_faults(alias: str) -> Iterator[CheckMessage]:
    tables = [model._meta.db_table for model in _tenant_models()]
    with as_login(), connections[alias].cursor() as cursor:
        cursor.execute(_UNPROTECTED, [tables])
        unprotected = [name for (name,) in cursor.fetchall()]
        cursor.execute(_LOGIN, [tables, EVERY_ROLE])
        login, is_exempt, is_owner, inherits = cursor.fetchone()
    if unprotected:
        yield Error(f"Row-level security is off for {', '.join(unprotected)}.", id="tenancy.E005")
    if settings.IS_PRODUCTION and (is_exempt or is_owner or inherits):
        yield Error(
            f"Row-level security does not bind the login {login}.",
            hint="DATABASE_URL names a login that is no owner, no superuser, has no BYPASSRLS and inherits no role.",
            id="tenancy.E006",
        )


def _error(number: str, model: type[TenantModel], fault: str, hint: str) -> Error:
    return Error(f"{model._meta.label} {fault}.", hint=hint, obj=model, id=f"tenancy.{number}")
