"""People and teams in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.backoffice import Page, TenantInline, TenantRowPage, people, sees_every_tenant
from accounts.models import Membership, Team, User
from accounts.permissions import Permission
from tenancy.scope import current_tenant_id

admin.site.unregister(Group)  # roles say what people may do


class NewPersonForm(AdminUserCreationForm[User]):
    """A new person with a password."""

    class Meta:
        model = User
        fields = ("email", "name", "role")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "tenant" in self.fields and not self.cleaned_data.get("tenant") and not self.cleaned_data.get("is_staff"):
            raise ValidationError({"tenant": _("Only staff of the installation belong to no tenant.")})
        return cleaned


class PersonForm(UserChangeForm[User]):
    """A person; the password has a page of its own."""

    class Meta:
        model = User
        fields = "__all__"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "is_staff" in self.fields and not (self.instance.tenant_id or self.cleaned_data.get("is_staff")):
            raise ValidationError({"is_staff": _("Only staff of the installation belong to no tenant.")})
        return cleaned


@admin.register(User)
class PersonPage(Page[User], UserAdmin[User]):
    """Users. Who has written something is deactivated, never deleted; nobody changes the tenant."""

    permission = Permission.MANAGE_PEOPLE
    form, add_form = PersonForm, NewPersonForm
    list_display = ("email", "name", "role", "is_active", "is_staff")
    list_filter = ("role", "is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "created_at")
    add_form_template = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return people().order_by(*self.ordering)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        ours = ("tenant", "is_staff") if sees_every_tenant(request) else ()
        if obj is None:
            return [(None, {"fields": ("email", "name", "role", *ours, "usable_password", "password1", "password2")})]
        fields = ("email", "name", "password", "role", "language", "is_active", *ours, *self.readonly_fields)
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fixed = ("tenant",) if obj else ()
        return (*self.readonly_fields, *fixed, *(() if sees_every_tenant(request) else ("tenant", "is_staff")))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:  # noqa: FBT001 - Django's signature
        if not change and not sees_every_tenant(request):
            obj.tenant_id = current_tenant_id()
        super().save_model(request, obj, form, change)


class MembershipInline(TenantInline):
    permission = Permission.MANAGE_PEOPLE
    model = Membership
    fields = ("user",)
    autocomplete_fields = ("user",)


@admin.register(Team)
class TeamPage(TenantRowPage[Team]):
    """Teams and who is in them."""

    permission = Permission.MANAGE_PEOPLE
    list_display = ("name",)
    search_fields = ("name",)
    fields = ("name",)
    inlines = (MembershipInline,)
