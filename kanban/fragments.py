"""Cards as HTML: for the page, and for pushing them when they change."""

from collections.abc import Iterable
from uuid import UUID

from conversations.fragments import Fragment, render
from conversations.models import Conversation
from conversations.queries import conversations
from conversations.statuses import ConversationKind
from kanban import ranks


def cards(conversation_ids: Iterable[UUID]) -> list[Fragment]:
    """The cards of these conversations, in the order of the board, for everybody of the tenant."""
    rows = conversations().filter(pk__in=set(conversation_ids), kind=ConversationKind.CUSTOMER)
    return [_card(row) for row in rows.order_by("column_id", "rank", "id")]


def _card(row: Conversation) -> Fragment:
    return Fragment(
        kind="card",
        id=str(row.pk),
        version=row.version,
        html=render("kanban/_card.html", card=row),
        room="tenant",
        target=f"card-{row.pk}",
        conversation_id=str(row.pk),
        column_id=str(row.column_id) if row.column_id else None,
        rank=ranks.written(row.rank),
    )
