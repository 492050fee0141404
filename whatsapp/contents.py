"""What a message says, read by its type. What cannot be read stays visible as UNSUPPORTED, with its raw JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conversations.actions.arrivals import Media
from conversations.statuses import MEDIA_TYPES, MessageType
from whatsapp.payloads import ButtonPart, ErrorPart, Location, MediaPart, MessageItem, Text, as_part, parts_of

LONGEST_RAW = 8_192  # characters of JSON kept with an unsupported message; the delivery has all of it


@dataclass(frozen=True, slots=True)
class Content:
    """A message without its circumstances."""

    type: MessageType
    text: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    media: Media | None = None


Reader = Callable[[MessageItem], Content | None]  # None: not of the shape that its type promises


def read(item: MessageItem) -> Content:
    """The content of any message."""
    reader = _READERS.get(item.message.type)
    return (reader(item) if reader else None) or _unsupported(item)


def kept(value: Any) -> Any:
    """JSON that is kept beside a message, unless it is too long."""
    return value if len(json.dumps(value)) <= LONGEST_RAW else {"truncated": True}


def first_error(raw: Any) -> ErrorPart | None:
    """What went wrong, of a message's or status's `errors`."""
    return next(iter(parts_of(ErrorPart, raw)), None)


def _text(item: MessageItem) -> Content | None:
    text = as_part(Text, item.raw.get("text"))
    return Content(MessageType.TEXT, text.body) if text else None


def _media(item: MessageItem) -> Content | None:
    part = as_part(MediaPart, item.raw.get(item.message.type))
    if part is None:
        return None
    voice = item.message.type == "voice" or (item.message.type == "audio" and part.voice)
    kind = MessageType.VOICE if voice else MessageType(item.message.type.upper())
    media = Media(part.id[:128], part.mime_type, part.filename, part.sha256, _why_missing(item, part))
    return Content(kind, part.caption, media=media)


def _why_missing(item: MessageItem, part: MediaPart) -> str:
    error = first_error(item.message.errors)
    if error:
        return error.detail
    return "" if part.id else "no media id"


def _location(item: MessageItem) -> Content | None:
    part = as_part(Location, item.raw.get("location"))
    if part is None:
        return None
    metadata = {"latitude": part.latitude, "longitude": part.longitude, "name": part.name, "address": part.address}
    return Content(MessageType.LOCATION, part.name or part.address, metadata)


def _contacts(item: MessageItem) -> Content | None:
    cards = item.raw.get("contacts")
    if not isinstance(cards, list) or not cards:
        return None
    names = [name for card in cards if isinstance(card, dict) and (name := _card_name(card))]
    return Content(MessageType.CONTACTS, ", ".join(names), {"contacts": kept(cards)})


def _card_name(card: dict[str, Any]) -> str:
    name = card.get("name")
    formatted = name.get("formatted_name") or name.get("first_name") if isinstance(name, dict) else None
    return formatted if isinstance(formatted, str) else ""


def _interactive(item: MessageItem) -> Content | None:
    part = item.raw.get("interactive")
    kind = part.get("type") if isinstance(part, dict) else None
    reply = part.get(kind) if isinstance(part, dict) and isinstance(kind, str) else None
    if not isinstance(reply, dict):
        return None
    words = next((reply[name] for name in ("title", "body", "response") if isinstance(reply.get(name), str)), "")
    return Content(MessageType.INTERACTIVE, words, {"kind": kind, "reply": kept(reply)})


def _button(item: MessageItem) -> Content | None:
    part = as_part(ButtonPart, item.raw.get("button"))
    return Content(MessageType.BUTTON, part.text or part.payload, {"payload": part.payload[:1024]}) if part else None


def _order(item: MessageItem) -> Content | None:
    part = item.raw.get("order")
    if not isinstance(part, dict):
        return None
    words = part.get("text")
    return Content(MessageType.ORDER, words if isinstance(words, str) else "", {"order": kept(part)})


def _unsupported(item: MessageItem) -> Content:
    part = item.raw.get("unsupported")
    named = part.get("type") if isinstance(part, dict) else None
    kind = named if isinstance(named, str) else item.message.type
    error = first_error(item.message.errors)
    metadata = {"kind": kind[:64], "detail": error.detail if error else "", "raw": kept(item.raw)}
    return Content(MessageType.UNSUPPORTED, metadata=metadata)


_READERS: dict[str, Reader] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    **{kind.value.lower(): _media for kind in MEDIA_TYPES},
}
