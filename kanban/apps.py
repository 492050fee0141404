from django.apps import AppConfig


class KanbanConfig(AppConfig):
    """The board: columns, ranks and moves."""

    name = "kanban"
