"""The admin site, and what its pages have in common.

Staff of the installation see every tenant; a tenant's people who may open the admin see that tenant: the scope
which TenantMiddleware has entered decides, not the pages. What of a tenant's somebody may see and change there is said
by their role: each page names the permission it asks for.
"""

import json
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission, can
from tenancy.models import Tenant
from tenancy.scope import current

M = TypeVar("M", bound=models.Model)


class Backoffice(admin.AdminSite):
    """Recado behind the scenes."""

    site_header = site_title = "Recado"
    index_title = _("Behind the scenes")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not isinstance(user, User) or not (user.is_active and user.is_staff):
            return False
        return user.is_installation_staff or can(user, Permission.INSPECT)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The product's own sign-in, which slows guessing down."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def sees_every_tenant(request: HttpRequest) -> bool:
    """Whether somebody of the installation asks."""
    return isinstance(request.user, User) and request.user.is_installation_staff


class Door:
    """Whoever has a page's permission may do everything there, unless the page says otherwise."""

    admin_site: admin.AdminSite
    permission = Permission.MANAGE_TENANT

    def is_open_to(self, request: HttpRequest) -> bool:
        """Whether who asks came in and has the permission; staff of the installation have all."""
        if not self.admin_site.has_permission(request):
            return False
        return sees_every_tenant(request) or (isinstance(request.user, User) and can(request.user, self.permission))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.is_open_to(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_open_to(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_open_to(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_open_to(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_open_to(request)


class Shown(Door):
    """Mix in before Page or an inline: looked at, never changed; too many rows to sort them by any column."""

    permission = Permission.INSPECT
    extra = 0
    sortable_by: ClassVar[list[str] | tuple[str, ...] | None] = ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CappedPaginator(Paginator[Any]):
    """Counts no further than CAP: a table of millions is not counted to show fifty rows."""

    CAP = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list[: self.CAP]
        counted: int = rows.count()
        return counted


class Page(Door, admin.ModelAdmin[M]):
    """The pages of a model: what is not found is 404, lists are cheap, staff see whose a row is."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)
    tenant_field = "tenant"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> M:
        found = super().get_object(request, object_id, from_field)
        if found is None:  # Django would lead to the index, as if there had been something to miss
            raise Http404
        return found

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return [*shown, self.tenant_field] if self.tenant_field and sees_every_tenant(request) else shown

    def get_list_select_related(self, request: HttpRequest) -> Any:
        wanted = super().get_list_select_related(request)
        return [*(wanted if isinstance(wanted, (list, tuple)) else ()), *filter(None, [self.tenant_field])]

    def get_list_filter(self, request: HttpRequest) -> Any:
        filters = super().get_list_filter(request)
        return [*filters, self.tenant_field] if self.tenant_field and sees_every_tenant(request) else filters

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nobody can choose, or find out, somebody of another tenant."""
        if db_field.related_model is User:
            kwargs["queryset"] = people()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def people() -> models.QuerySet[User]:
    """The users of the tenant in scope, or all: users are no TenantModel, so nothing else confines them."""
    tenant_id = current().tenant_id
    return User.objects.filter(tenant_id=tenant_id) if tenant_id else User.objects.all()


def pretty(data: object) -> str:
    """JSON for people."""
    return format_html("<pre>{}</pre>", json.dumps(data, indent=2, ensure_ascii=False))


class RowForm(forms.ModelForm[Any]):
    """A row knows its tenant before it is validated, so that a name which is taken there is told and not a failure."""

    class Meta:
        error_messages = {NON_FIELD_ERRORS: {"unique_together": _("This name is taken.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.tenant_id = self.instance.tenant_id or current().tenant_id

    def _get_validation_exclusions(self) -> set[str]:
        """Django would leave out what is not among the fields, and with it every rule about that."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs do not know it
        return excluded - {"tenant"} if self.instance.tenant_id else excluded


class TenantRowForm(RowForm):
    """Staff say whose a new row is: no scope does."""

    for_tenant = forms.ModelChoiceField(Tenant.objects, label=_("Tenant"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.instance.tenant = cleaned.get("for_tenant")
        return cleaned


class TenantRowPage(Page[M]):
    """The pages of a TenantModel that people edit. A row stays with its tenant."""

    row_form: type[RowForm] = RowForm
    tenant_row_form: type[RowForm] = TenantRowForm

    def get_form(self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        asks = sees_every_tenant(request) and obj is None
        return super().get_form(
            request, obj, change, **{**kwargs, "form": self.tenant_row_form if asks else self.row_form}
        )

    def get_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        fields = self.fields or ()
        if not sees_every_tenant(request):
            return fields
        return ["tenant", *fields] if obj else ["for_tenant", *fields]

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "tenant"]


class TenantInlineFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Rows belong to the tenant of the row they hang on, whoever edits them."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm[Any]:
        form: forms.ModelForm[Any] = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.instance.tenant_id = self.instance.tenant_id
        return form


class TenantInline(Door, admin.TabularInline[Any, Any]):
    """Rows of a TenantModel that are edited with the row they hang on."""

    formset = TenantInlineFormSet
    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is User:
            kwargs["queryset"] = people()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
