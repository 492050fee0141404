from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KanbanConfig(AppConfig):
    """The board: columns, ranks and moves."""

    name = "kanban"
    verbose_name = _("Boards")
