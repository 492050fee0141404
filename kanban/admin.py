"""Boards in the admin."""

from django.contrib import admin

from accounts.backoffice import TenantInline, TenantRowPage
from accounts.permissions import Permission
from kanban.models import Board, Column


class ColumnInline(TenantInline):
    permission = Permission.MANAGE_BOARDS
    model = Column
    fields = ("position", "name", "sets_status", "wip_limit", "hue")
    ordering = ("position", "id")


@admin.register(Board)
class BoardPage(TenantRowPage[Board]):
    """Boards with their columns. A column that holds cards cannot be deleted."""

    permission = Permission.MANAGE_BOARDS
    list_display = ("name", "position")
    fields = ("name", "position")
    inlines = (ColumnInline,)
