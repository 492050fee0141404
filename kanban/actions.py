"""What changes a board: its creation, and cards that move."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.actions.changes import announce, lock
from conversations.actions.updating import update_conversation
from conversations.errors import BadRequest, NotFound
from conversations.models import Conversation
from conversations.statuses import ConversationStatus
from events.emit import action
from kanban import ranks
from kanban.models import Board, Column
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id


@action
def move_card(
    conversation: Conversation,
    *,
    by: User,
    column_id: UUID,
    after_id: UUID | None = None,
    before_id: UUID | None = None,
    version: int | None = None,
) -> Conversation:
    """Put a card into a column: under `after_id`, else over `before_id`, else on top. Neighbours gone are no error.

    The card takes the status that the column sets. Raises NotFound without such a column, Conflict if the card has
    changed since `version` or if its customer already has another open conversation.
    """
    column = _lock_column(column_id)
    rank = _rank(conversation, column, after_id, before_id)
    changes: dict[str, Any] = {"column": column, "rank": rank}
    if column.sets_status:
        changes["status"] = column.sets_status
    return update_conversation(conversation, by=by, version=version, **changes)


def _lock_column(column_id: UUID) -> Column:
    """The column, locked: two moves into it are given their ranks one after the other. Columns before conversations."""
    found = Column.objects.select_for_update(no_key=True).filter(pk=column_id).first()
    if found is None:
        raise NotFound(fields={"columnId": _("There is no such column.")})
    return found


def _rank(card: Conversation, column: Column, after_id: UUID | None, before_id: UUID | None) -> Decimal:
    if card.pk in {after_id, before_id}:
        raise BadRequest(fields={"afterId": _("A card cannot be put beside itself.")})
    others = _others(card, column)
    upper = _standing(others, after_id) or _over(others, _standing(others, before_id))
    if upper is None:
        return ranks.above(others.values_list("rank", flat=True).first())
    lower = _under(others, upper)
    rank = ranks.between(upper.rank, lower.rank if lower else None)
    return rank if rank is not None else _make_room(card, others, upper)


def _others(card: Conversation, column: Column) -> QuerySet[Conversation]:
    return Conversation.objects.filter(column=column).exclude(pk=card.pk).order_by("rank", "id")


def _standing(others: QuerySet[Conversation], card_id: UUID | None) -> Conversation | None:
    return others.filter(pk=card_id).first() if card_id else None


def _over(others: QuerySet[Conversation], card: Conversation | None) -> Conversation | None:
    """The card that stands over this one; None at the top."""
    if card is None:
        return None
    higher = Q(rank__lt=card.rank) | Q(rank=card.rank, pk__lt=card.pk)
    return others.filter(higher).order_by("-rank", "-id").first()


def _under(others: QuerySet[Conversation], card: Conversation) -> Conversation | None:
    return others.filter(Q(rank__gt=card.rank) | Q(rank=card.rank, pk__gt=card.pk)).first()


def _make_room(card: Conversation, others: QuerySet[Conversation], upper: Conversation) -> Decimal:
    """Rank a crowded column anew, two steps apart, and return the rank under `upper`."""
    order = list(others.values_list("pk", flat=True))
    rows = lock([*order, card.pk])  # all at once: the card is written afterwards, and locks are taken in id order
    _renumber([rows[pk] for pk in order if pk in rows])
    return rows[upper.pk].rank + ranks.STEP


def _renumber(rows: Sequence[Conversation]) -> None:
    for place, row in enumerate(rows):
        row.rank, row.version = place * 2 * ranks.STEP, row.version + 1
    Conversation.objects.bulk_update(rows, ["rank", "version"], batch_size=500)
    for row in rows:
        announce(row, "columnId")


@transaction.atomic
def create_default_board() -> Board:
    """The board that a new tenant starts with, named in the tenant's language."""
    tenant = Tenant.objects.get(pk=current_tenant_id())
    with translation.override(tenant.language):
        board = Board.objects.create(name=_("Customer service"))
        Column.objects.bulk_create(
            Column(tenant=tenant, board=board, name=name, position=position, sets_status=status, hue=hue)
            for position, (name, status, hue) in enumerate(_default_columns())
        )
    return board


def _default_columns() -> list[tuple[str, ConversationStatus, int]]:
    return [
        (_("New"), ConversationStatus.OPEN, 240),
        (_("In progress"), ConversationStatus.OPEN, 180),
        (_("Waiting for customer"), ConversationStatus.PENDING, 60),
        (_("Done"), ConversationStatus.RESOLVED, 150),
    ]
