"""Boards and their columns. Where a card stands is on the conversation's own row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.statuses import ConversationStatus
from tenancy.models import SameTenantKey, TenantModel, tenant_constraints


class Board(TenantModel):
    """One way of looking at the work; a tenant may have several."""

    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        constraints = (
            *tenant_constraints(),
            models.UniqueConstraint(fields=["tenant", "name"], name="kanban_board_name"),
        )

    def __str__(self) -> str:
        return self.name


class Column(TenantModel):
    """A step of the work. A card that enters may take on the column's status."""

    board = SameTenantKey(Board, models.CASCADE, related_name="columns")
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    sets_status = models.CharField(
        _("sets the status"),
        max_length=8,
        blank=True,
        choices=ConversationStatus,
        help_text=_("Empty: a card keeps its status."),
    )
    wip_limit = models.PositiveSmallIntegerField(
        _("limit"), null=True, blank=True, help_text=_("Shown when exceeded, never blocks.")
    )
    hue = models.PositiveSmallIntegerField(_("hue"), default=240)

    class Meta(TenantModel.Meta):
        verbose_name = _("column")
        verbose_name_plural = _("columns")
        constraints = (
            *tenant_constraints("board"),
            models.UniqueConstraint(fields=["board", "name"], name="kanban_column_name"),
        )
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name
