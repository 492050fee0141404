"""Pieces of HTML that pages are made of and that are pushed when they change: the same template both times.

A fragment never looks at its viewer; its language is the active one. One call renders many, in a constant number of
queries.
"""

from collections.abc import Iterable
from uuid import UUID

from django.template.loader import render_to_string
from msgspec import Struct

from conversations.models import Conversation, Message
from conversations.queries import conversations
from conversations.queries import messages as all_messages
from conversations.serializers import exact_moment
from conversations.statuses import ConversationKind
from conversations.templatetags.recado import dom_id, order_key


class Fragment(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """HTML for the element with the DOM id `target`, of the object `id` in `version`, for those in `room`.

    A card says where it belongs by `column_id`, `rank` and `id`; a message by `conversation_id`, `said_at` and `order`.
    """

    kind: str
    id: str
    version: int
    html: str
    room: str
    target: str
    conversation_id: str | None = None
    column_id: str | None = None
    rank: str | None = None
    said_at: str | None = None
    order: str | None = None


def render(template: str, **context: object) -> str:
    """A rendered template as a plain string: msgspec refuses Django's SafeString, and str() would keep it."""
    return render_to_string(template, context) + ""


def messages(message_ids: Iterable[UUID]) -> list[Fragment]:
    """The bubbles of these messages, in the order of their threads."""
    rows = all_messages().filter(pk__in=set(message_ids)).order_by("said_at", "id")
    return [_message(row) for row in rows]


def _message(row: Message) -> Fragment:
    return Fragment(
        kind="message",
        id=str(row.pk),
        version=row.version,
        html=render("conversations/_message.html", message=row),
        room=f"conversation:{row.conversation_id}",
        target=f"message-{dom_id(row)}",
        conversation_id=str(row.conversation_id),
        said_at=exact_moment(row.said_at),
        order=order_key(row),
    )


def headers(conversation_ids: Iterable[UUID]) -> list[Fragment]:
    """The heads of open conversations with customers: whose it is, where it stands, how long the window stays open."""
    rows = conversations().select_related("column").filter(pk__in=set(conversation_ids), kind=ConversationKind.CUSTOMER)
    return [_header(row) for row in rows.order_by("id")]


def _header(row: Conversation) -> Fragment:
    return Fragment(
        kind="header",
        id=str(row.pk),
        version=row.version,
        html=render("conversations/_header.html", conversation=row),
        room=f"conversation:{row.pk}",
        target=f"header-{row.pk}",
        conversation_id=str(row.pk),
    )
