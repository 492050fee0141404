"""What a board shows: its columns, a page of cards in each, and how many there are. Keyset paging, capped counts."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.errors import BadRequest, NotFound
from conversations.models import Conversation
from conversations.queries import conversations, customer_conversations
from kanban import ranks
from kanban.models import Board, Column

PAGE = 30
COUNT_CAP = 1000  # a column of 100,000 is counted no further: the page says "999+"


class _Count(Subquery):
    """How many rows a sub-query has. Slice it: then counting stops there."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@dataclass(slots=True)
class Lane:
    """A column as somebody sees it: the first cards of those the view shows, and where the next page starts."""

    column: Column
    shown: int
    total: int
    cards: list[Conversation] = field(default_factory=list)
    cursor: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether there are more cards than the column should hold."""
        return self.column.wip_limit is not None and self.total > self.column.wip_limit


def boards() -> QuerySet[Board]:
    """The tenant's boards, in their order."""
    return Board.objects.order_by("position", "id")


def board(board_id: UUID | None = None) -> Board | None:
    """A board: that one (else NotFound), or the first; None while the tenant has none."""
    if board_id is None:
        return boards().first()
    found = boards().filter(pk=board_id).first()
    if found is None:
        raise NotFound(_("There is no such board."))
    return found


def lanes(board: Board, *, user: User, view: str) -> list[Lane]:
    """The board's columns with their first cards, in a number of statements that no card and no column adds to."""
    found = _counted(board, user, view)
    pages = _first_pages([lane.column for lane in found], _cards(user, view))
    for lane in found:
        lane.cards, lane.cursor = _page(pages[lane.column.pk])
    return found


def more_cards(column_id: UUID, *, user: User, view: str, after: str) -> tuple[list[Conversation], str | None]:
    """The page of a column's cards after a cursor, and the next cursor."""
    if not Column.objects.filter(pk=column_id).exists():
        raise NotFound(_("There is no such column."))
    rank, pk = _position(after)
    cards = _cards(user, view).filter(column_id=column_id).filter(Q(rank__gt=rank) | Q(rank=rank, pk__gt=pk))
    wanted = list(cards.order_by("rank", "id").values_list("pk", flat=True)[: PAGE + 1])
    return _page(_loaded(wanted))


def counts(board: Board, *, user: User, view: str) -> dict[str, tuple[int, int]]:
    """How many cards each column shows and holds, by the column's id; COUNT_CAP means that many or more."""
    return {str(lane.column.pk): (lane.shown, lane.total) for lane in _counted(board, user, view)}


def is_capped(count: int) -> bool:
    """Whether there may be more than were counted."""
    return count >= COUNT_CAP


def cursor(card: Conversation) -> str:
    """Where a card stands, as `more_cards` takes it."""
    return f"{ranks.written(card.rank)}_{card.pk}"


def _position(text: str) -> tuple[Decimal, UUID]:
    try:
        rank, pk = text.split("_", 1)
        found = Decimal(rank), UUID(pk)
    except (ValueError, InvalidOperation) as error:
        raise BadRequest(fields={"after": _("Take it from the page before, unchanged.")}) from error
    if not found[0].is_finite():
        raise BadRequest(fields={"after": _("Take it from the page before, unchanged.")})
    return found


def _cards(user: User, view: str) -> QuerySet[Conversation]:
    cards = customer_conversations(user)
    match view:
        case "all":
            return cards
        case "mine":
            return cards.filter(assignee=user)
        case "unassigned":
            return cards.filter(assignee=None)
        case _:
            raise BadRequest(fields={"view": _("One of: mine, unassigned, all.")})


def _counted(board: Board, user: User, view: str) -> list[Lane]:
    """The board's columns with their counts, still without cards."""

    def up_to_cap(cards: QuerySet[Conversation]) -> _Count:
        return _Count(cards.filter(column=OuterRef("pk")).order_by().values("pk")[:COUNT_CAP])

    columns = board.columns.annotate(shown=up_to_cap(_cards(user, view)), total=up_to_cap(_cards(user, "all")))
    return [Lane(column, shown=column.shown, total=column.total) for column in columns]


def _first_pages(columns: list[Column], cards: QuerySet[Conversation]) -> dict[UUID, list[Conversation]]:
    """The first cards of each column, and one more: one statement finds them all, the next ones load them."""
    firsts = [
        cards.filter(column=column).order_by("rank", "id").values_list("pk", flat=True)[: PAGE + 1]
        for column in columns
    ]
    wanted = list(firsts[0].union(*firsts[1:], all=True)) if firsts else []
    pages: dict[UUID, list[Conversation]] = defaultdict(list)
    for card in _loaded(wanted):
        if card.column_id:
            pages[card.column_id].append(card)
    return pages


def _loaded(wanted: list[UUID]) -> list[Conversation]:
    return list(conversations().filter(pk__in=wanted).order_by("rank", "id")) if wanted else []


def _page(cards: list[Conversation]) -> tuple[list[Conversation], str | None]:
    page = cards[:PAGE]
    return page, cursor(page[-1]) if len(cards) > PAGE else None
