"""The admin's pages of what lies below people: tenants and their event log."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.backoffice import Page, Shown, pretty, sees_every_tenant
from events.audience import EVERYONE
from events.models import Event
from kanban.actions import create_default_board
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id, tenant_scope


@admin.register(Tenant)
class TenantPage(Page[Tenant]):
    """Tenants. Staff open and close them; an administrator names their own."""

    tenant_field = ""
    list_display = ("slug", "name", "language", "is_active", "created_at")
    search_fields = ("slug", "name")
    ordering = ("slug",)
    fields = ("slug", "name", "language", "time_zone", "shows_typing", "undo_send_seconds", "is_active", "created_at")
    readonly_fields = ("created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        tenants = super().get_queryset(request)
        return tenants if sees_every_tenant(request) else tenants.filter(pk=current_tenant_id())

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        return ("created_at",) if sees_every_tenant(request) else ("slug", "is_active", "created_at")

    def has_add_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return sees_every_tenant(request)

    def has_delete_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Tenant, form: "ModelForm[Tenant]", change: bool) -> None:  # noqa: FBT001 - Django's signature
        super().save_model(request, obj, form, change)
        if not change:
            with tenant_scope(obj):
                create_default_board()


@admin.register(Event)
class EventPage(Shown, Page[Event]):
    """The event log: what screens were told, in order. To a tenant's administrator what everybody there was told."""

    list_display = ("seq", "type", "at", "audience")
    fields = ("seq", "type", "at", "audience", "pretty_data")
    readonly_fields = ("pretty_data",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        events = super().get_queryset(request)
        return events if sees_every_tenant(request) else events.filter(audience__contains=list(EVERYONE))

    @admin.display(description="data")
    def pretty_data(self, event: Event) -> str:
        return pretty(json.loads(event.data))
