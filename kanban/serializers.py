"""Boards and columns as they travel in answers (docs/protocol.md)."""

from events.objects import WireObject
from kanban.models import Board, Column


class BoardObject(WireObject, frozen=True):
    """One board."""

    id: str
    name: str


class ColumnObject(WireObject, frozen=True):
    """A step of the work. `setsStatus` is what a card takes on when it enters; null: it keeps its own."""

    id: str
    board_id: str
    name: str
    sets_status: str | None
    wip_limit: int | None
    hue: int


def board_object(board: Board) -> BoardObject:
    """One board."""
    return BoardObject(id=str(board.pk), name=board.name)


def column_object(column: Column) -> ColumnObject:
    """One column."""
    return ColumnObject(
        id=str(column.pk),
        board_id=str(column.board_id),
        name=column.name,
        sets_status=column.sets_status or None,
        wip_limit=column.wip_limit,
        hue=column.hue,
    )
