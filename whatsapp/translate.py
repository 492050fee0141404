"""From Meta's items to the core's words: messages to arrivals, statuses to outcomes."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from conversations.actions.arrivals import Arrival, Identity, Media, Person
from conversations.actions.outcomes import Outcome
from conversations.models import IdentityKind
from conversations.statuses import MEDIA_TYPES, Direction, MessageStatus, MessageType
from whatsapp.payloads import (
    ButtonPart,
    ContactPart,
    Context,
    Edit,
    Location,
    MediaPart,
    MessageItem,
    StatusItem,
    Text,
    as_part,
    errors_of,
    moment,
)

LONGEST_TEXT = 16_384  # characters; WhatsApp's own limit is 4,096
LONGEST_NAME = 120
LONGEST_RAW = 8_192  # characters of JSON kept with an unsupported message; the delivery has all of it

STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.READ,
    "failed": MessageStatus.FAILED,
}
CALLBACK_PREFIX = "recado:"

# type, content, metadata and file of a message; None: not of the shape that its type promises
Content = tuple[MessageType, str, dict[str, Any], Media | None]
Reader = Callable[[MessageItem], Content | None]


def arrival(item: MessageItem, number_id: UUID, received_at: datetime) -> Arrival:
    """A message as the core stores it. What cannot be read stays visible as UNSUPPORTED, with its raw JSON."""
    kind, content, metadata, media = _content(item)
    context = as_part(Context, item.message.context) or Context()
    return Arrival(
        number_id=number_id,
        wamid=item.message.id,
        person=person(item),
        type=kind,
        content=content[:LONGEST_TEXT],
        metadata={**metadata, **_circumstances(item, context)},
        reply_to_wamid=context.id[:512],
        media=media,
        said_at=moment(item.message.timestamp, received_at),
        received_at=received_at,
        direction=Direction.OUTBOUND if item.echo else Direction.INBOUND,
    )


def person(item: MessageItem) -> Person:
    """Who wrote: a group if it was said in one, else the customer by all their names, parents first."""
    if item.message.group_id:
        group = Identity(IdentityKind.GROUP, item.message.group_id)
        return Person((group,), group, "")
    return customer(item.contact)


def customer(contact: ContactPart) -> Person:
    """A person by all the names Meta gives; replies go to the phone's id where there is one."""
    named = (
        (IdentityKind.PARENT_BSUID, contact.parent_user_id),
        (IdentityKind.BSUID, contact.user_id),
        (IdentityKind.WA_ID, contact.wa_id),
    )
    identities = tuple(Identity(kind, value) for kind, value in named if value)
    return Person(identities, identities[-1], " ".join(contact.profile.name.split())[:LONGEST_NAME])


def outcome(item: StatusItem, number_id: UUID, received_at: datetime) -> Outcome | None:
    """A status as the core applies it; None for calls and for words that say nothing about progress."""
    status = STATUSES.get(item.status.status)
    if status is None or item.status.type == "call" or item.status.id.startswith("wacid."):
        return None
    error = next(iter(errors_of(item.status.errors)), None) if status == MessageStatus.FAILED else None
    return Outcome(
        number_id=number_id,
        wamid=item.status.id,
        status=status,
        at=moment(item.status.timestamp, received_at),
        message_id=_our_id(item.status.biz_opaque_callback_data),
        error_code=str(error.code)[:32] if error else "",
        error_detail=error.detail if error else "",
    )


def _our_id(callback_data: Any) -> UUID | None:
    if not isinstance(callback_data, str) or not callback_data.startswith(CALLBACK_PREFIX):
        return None
    try:
        return UUID(callback_data.removeprefix(CALLBACK_PREFIX))
    except ValueError:
        return None


def _content(item: MessageItem) -> Content:
    reader = _READERS.get(item.message.type)
    return (reader(item) if reader else None) or _unsupported(item)


def _circumstances(item: MessageItem, context: Context) -> dict[str, Any]:
    """What is worth knowing beside the words."""
    found: dict[str, Any] = {}
    if context.forwarded or context.frequently_forwarded:
        found["forwarded"] = "often" if context.frequently_forwarded else "once"
    if item.message.group_id:
        found["participant"] = {"name": item.contact.profile.name[:LONGEST_NAME], "waId": item.contact.wa_id}
    if item.echo:
        found["author"] = "phone_app"
    if isinstance(item.raw.get("referral"), dict):
        found["referral"] = _kept(item.raw["referral"])
    return found


def _text(item: MessageItem) -> Content | None:
    text = as_part(Text, item.raw.get("text"))
    return (MessageType.TEXT, text.body, {}, None) if text else None


def _media(item: MessageItem) -> Content | None:
    part = as_part(MediaPart, item.raw.get(item.message.type))
    if part is None:
        return None
    voice = item.message.type == "voice" or (item.message.type == "audio" and part.voice)
    kind = MessageType.VOICE if voice else MessageType(item.message.type.upper())
    error = next(iter(errors_of(item.message.errors)), None)
    missing = error.detail if error else "" if part.id else "no media id"
    return kind, part.caption, {}, Media(part.id[:128], part.mime_type, part.filename, part.sha256, missing)


def _location(item: MessageItem) -> Content | None:
    part = as_part(Location, item.raw.get("location"))
    if part is None:
        return None
    metadata = {"latitude": part.latitude, "longitude": part.longitude, "name": part.name, "address": part.address}
    return MessageType.LOCATION, part.name or part.address, metadata, None


def _contacts(item: MessageItem) -> Content | None:
    cards = item.raw.get("contacts")
    if not isinstance(cards, list) or not cards:
        return None
    names = [name for card in cards if isinstance(card, dict) and (name := _card_name(card))]
    return MessageType.CONTACTS, ", ".join(names), {"contacts": _kept(cards)}, None


def _card_name(card: dict[str, Any]) -> str:
    name = card.get("name")
    formatted = name.get("formatted_name") or name.get("first_name") if isinstance(name, dict) else None
    return formatted if isinstance(formatted, str) else ""


def _interactive(item: MessageItem) -> Content | None:
    part = item.raw.get("interactive")
    if not isinstance(part, dict):
        return None
    kind = part.get("type")
    reply = part.get(kind) if isinstance(kind, str) else None
    if not isinstance(reply, dict):
        return None
    words = next((reply[name] for name in ("title", "body", "response") if isinstance(reply.get(name), str)), "")
    return MessageType.INTERACTIVE, words, {"kind": kind, "reply": _kept(reply)}, None


def _button(item: MessageItem) -> Content | None:
    part = as_part(ButtonPart, item.raw.get("button"))
    return (MessageType.BUTTON, part.text or part.payload, {"payload": part.payload[:1024]}, None) if part else None


def _order(item: MessageItem) -> Content | None:
    part = item.raw.get("order")
    if not isinstance(part, dict):
        return None
    words = part.get("text")
    return MessageType.ORDER, words if isinstance(words, str) else "", {"order": _kept(part)}, None


def _system(item: MessageItem) -> Content | None:
    part = item.raw.get("system")
    body = part.get("body") if isinstance(part, dict) else None
    return (MessageType.SYSTEM, body, {}, None) if isinstance(body, str) else None


def _unsupported(item: MessageItem) -> Content:
    part = item.raw.get("unsupported")
    named = part.get("type") if isinstance(part, dict) else None
    kind = named if isinstance(named, str) else item.message.type
    error = next(iter(errors_of(item.message.errors)), None)
    metadata = {"kind": kind[:64], "detail": error.detail if error else "", "raw": _kept(item.raw)}
    return MessageType.UNSUPPORTED, "", metadata, None


def _kept(value: Any) -> Any:
    return value if len(json.dumps(value)) <= LONGEST_RAW else {"truncated": True}


_READERS: dict[str, Reader] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "system": _system,
    **dict.fromkeys([*(kind.value.lower() for kind in MEDIA_TYPES)], _media),
}


def edited_content(item: MessageItem) -> str | None:
    """The new words of an edit: a text, or the caption of a file; None if it says neither."""
    edit = as_part(Edit, item.raw.get("edit"))
    if edit is None:
        return None
    for part in edit.message.values():
        if isinstance(part, dict):
            words = part.get("body", part.get("caption"))
            if isinstance(words, str):
                return words[:LONGEST_TEXT]
    return None
