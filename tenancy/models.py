"""The tenant, and the base of every row that belongs to one."""

from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.constraints import RowLevelSecurity, SameTenant, tenant_constraints
from tenancy.ids import uuid7
from tenancy.scope import NoTenant, Reach, WrongTenant, current

__all__ = [
    "RowLevelSecurity",
    "SameTenant",
    "Tenant",
    "TenantForeignKey",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "tenant_constraints",
]

M = TypeVar("M", bound=models.Model)


class Tenant(models.Model):
    """A company that uses the installation. Its row is no secret; everything that points at it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="pt-br")
    time_zone = models.CharField(_("time zone"), max_length=64, default="America/Sao_Paulo")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """The tenant that a row belongs to: claimed from the scope when it is saved, and never somebody else's."""

    def __init__(self, to: Any = "tenancy.Tenant", on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("db_index", False)  # unique (tenant, id) serves
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.setdefault("db_index", True)  # ForeignKey leaves its own default out
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> UUID:  # noqa: FBT001 - Django's signature
        claimed = super().pre_save(model_instance, add)
        tenant_id = self._belongs_to(claimed)
        setattr(model_instance, self.attname, tenant_id)
        return tenant_id

    def _belongs_to(self, claimed: UUID | None) -> UUID:
        scope = current()
        if scope.reach is Reach.NONE or (scope.tenant_id or claimed) is None:
            message = f"Saving a {self.model._meta.label} needs a tenant."
            raise NoTenant(message)
        if scope.tenant_id and claimed not in {None, scope.tenant_id}:
            message = f"This {self.model._meta.label} belongs to tenant {claimed}, the scope is {scope.tenant_id}."
            raise WrongTenant(message)
        return scope.tenant_id or claimed


class TenantQuerySet(models.QuerySet[M]):
    """Rows of one tenant, or of all where a scope says so."""

    @classmethod
    def as_manager(cls) -> "TenantManager[M]":
        return TenantManager.from_queryset(cls)()

    def update(self, **values: Any) -> int:
        if {"tenant", "tenant_id"} & values.keys():
            message = f"A {self.model._meta.label} stays with its tenant."
            raise WrongTenant(message)
        return super().update(**values)


class TenantManager(models.Manager[M]):
    """Raises NoTenant without a scope. Custom ones: `TenantManager.from_queryset(MessageQuerySet)()`."""

    def get_queryset(self) -> models.QuerySet[M]:
        scope = current()
        if scope.reach is Reach.NONE:
            message = f"{self.model._meta.label} was queried outside any tenant's scope."
            raise NoTenant(message)
        rows = super().get_queryset()
        return rows.filter(tenant_id=scope.tenant_id) if scope.tenant_id else rows


class TenantModel(models.Model):
    """A row that belongs to a tenant. Its Meta extends TenantModel.Meta and lists `tenant_constraints(…)`.

    `base_manager_name` makes foreign keys, `refresh_from_db` and deletes go through the same manager.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = TenantForeignKey()

    objects: "TenantManager[Self]" = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = tenant_constraints()
