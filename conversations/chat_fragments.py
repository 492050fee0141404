"""Chats as HTML: their rows in the list and their heads, for whoever they are pushed to."""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from conversations import queries
from conversations.chats import Chat, chat
from conversations.fragments import Fragment, render
from conversations.models import Conversation
from conversations.serializers import exact_moment
from conversations.statuses import ConversationKind
from events import audience


def chats(conversation_ids: Iterable[UUID]) -> list[Fragment]:
    """Rows and heads of these chats: one for all of a group, one for each of the two who call it by another name."""
    rows = list(queries.conversations().exclude(kind=ConversationKind.CUSTOMER).filter(pk__in=set(conversation_ids)))
    queries.complete(rows)
    return [piece for row in rows for piece in _for_everybody(row)]


def chats_for(user: User, conversation_ids: Iterable[UUID]) -> list[Fragment]:
    """The same for one member; what they are not in is left out."""
    rows = list(queries.chats(user).filter(pk__in=set(conversation_ids)))
    queries.complete(rows, viewer=user)
    return [piece for row in rows for piece in _pieces(chat(row, user.pk), _room(row, user.pk))]


def _for_everybody(row: Conversation) -> list[Fragment]:
    if row.kind == ConversationKind.GROUP:
        return _pieces(chat(row, row.pk), audience.members(row.pk))
    seats = row.listed  # type: ignore[attr-defined]  # queries.complete
    return [piece for seat in seats for piece in _pieces(chat(row, seat.user_id), audience.person(seat.user_id))]


def _room(row: Conversation, user_id: UUID) -> str:
    return audience.members(row.pk) if row.kind == ConversationKind.GROUP else audience.person(user_id)


def _pieces(found: Chat, room: str) -> list[Fragment]:
    return [_piece(found, room, "chat", "team/_chat.html"), _piece(found, room, "header", "team/_head.html")]


def _piece(found: Chat, room: str, kind: str, template: str) -> Fragment:
    row = found.conversation
    said_at = exact_moment(row.last_message_at) if row.last_message_at else None
    return Fragment(
        kind=kind,
        id=str(row.pk),
        version=row.version,
        html=render(template, chat=found),
        room=room,
        target=f"{kind}-{row.pk}",
        conversation_id=str(row.pk),
        said_at=said_at,
    )
