"""Where new conversations land: what settings.CONVERSATION_PLACEMENT names."""

from uuid import UUID

from kanban.models import Column


def first_column_id() -> UUID | None:
    """The leftmost column of the current tenant's first board, or None without a board."""
    columns = Column.objects.order_by("board__position", "board_id", "position", "id")
    return columns.values_list("pk", flat=True).first()
