"""Which HTML goes with which events: rendered once per language that somebody watches, by the apps that own it."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import msgspec
from django.utils import translation

from conversations.chat_fragments import chats
from conversations.fragments import Fragment, headers, messages
from events.audience import EVERYONE
from events.catalogue import MessageDelivered, MessageRead, NotificationNew
from events.log import Committed
from kanban.fragments import cards
from realtime.ephemeral import BoardFragments
from realtime.messages import Piece
from realtime.watching import languages

logger = logging.getLogger(__name__)

Pieces = dict[str, list[Piece]]
"""By language."""


def _conversation_id(event: Committed) -> str | None:
    return getattr(event.event, "conversation_id", None) if event.audience == EVERYONE else None


def _chat_id(event: Committed) -> str | None:
    """Rows and heads of chats say nothing of who has read what."""
    is_told = event.audience == EVERYONE or isinstance(event.event, MessageDelivered | MessageRead)
    return None if is_told else getattr(event.event, "conversation_id", None)


def _message_id(event: Committed) -> str | None:
    message = getattr(event.event, "message", None)
    return message.id if message else getattr(event.event, "message_id", None)


# what is rendered, and of which object that an event speaks of
_RENDERERS: tuple[tuple[Callable[[Iterable[UUID]], list[Fragment]], Callable[[Committed], str | None]], ...] = (
    (cards, _conversation_id),
    (headers, _conversation_id),
    (chats, _chat_id),
    (messages, _message_id),
)

_encode = msgspec.json.Encoder().encode


def pieces_of(events: Sequence[Committed]) -> dict[int, Pieces]:
    """The fragments of these events by seq; an object that several speak of goes with the last of them.

    Empty when nobody watches, or when rendering fails: browsers fetch what did not come.
    """
    found: defaultdict[int, Pieces] = defaultdict(dict)
    events = [event for event in events if event.type != NotificationNew.type]  # what it tells of has its own event
    for language in languages(events[0].tenant_id):
        try:
            rendered = _render(events, language)
        except Exception:
            logger.exception("Fragments in %s could not be rendered.", language)
            continue
        for event in events:
            found[event.seq][language] = _by_room(event.seq, rendered[event.seq])
    return found


def _render(events: Sequence[Committed], language: str) -> defaultdict[int, list[Fragment]]:
    rendered: defaultdict[int, list[Fragment]] = defaultdict(list)
    with translation.override(language):
        for render, subject in _RENDERERS:
            seqs = {spoken_of: event.seq for event in events if (spoken_of := subject(event))}
            for fragment in render(map(UUID, seqs)) if seqs else ():
                rendered[seqs[fragment.id]].append(fragment)
    return rendered


def _by_room(seq: int, fragments: Iterable[Fragment]) -> list[Piece]:
    """One piece per room; the tenant's always, so that whoever watches knows that nothing more will come."""
    rooms: dict[str, list[Fragment]] = {"tenant": []}
    for fragment in fragments:
        rooms.setdefault(fragment.room, []).append(fragment)
    return [Piece(room, _text(seq, some)) for room, some in rooms.items()]


def _text(seq: int, fragments: list[Fragment]) -> bytes:
    return _encode({"type": BoardFragments.type, "seq": seq, "data": BoardFragments(fragments=fragments)})
