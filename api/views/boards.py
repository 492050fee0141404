"""Boards and their columns."""

from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.schema import describe
from conversations.errors import NotFound
from events.objects import WireObject
from kanban import queries
from kanban.serializers import BoardObject, ColumnObject, board_object, column_object


class Boards(WireObject, frozen=True):
    """In their order."""

    items: list[BoardObject]


class Columns(WireObject, frozen=True):
    """From left to right."""

    items: list[ColumnObject]


class BoardsView(Endpoint):
    """The tenant's boards."""

    @describe("listBoards", returns=Boards)
    def get(self, request: Request) -> Response:
        """List the boards."""
        return Response(Boards(items=[board_object(row) for row in queries.boards()]))


class ColumnsView(Endpoint):
    """The columns of a board."""

    @describe("listColumns", returns=Columns)
    def get(self, request: Request, board_id: UUID) -> Response:
        """List the columns of a board."""
        board = queries.board(board_id)
        if board is None:
            raise NotFound(_("There is no such board."))
        return Response(Columns(items=[column_object(row) for row in board.columns.all()]))
