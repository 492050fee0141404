"""Meta's webhook bodies: decoded once, walked without trusting any shape, turned into typed items.

Nothing here knows a row. An item that cannot be understood becomes a Problem and never sinks its neighbours.
Source: Meta's webhook reference for the WhatsApp Business Platform, and what other integrations met in practice.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

T = TypeVar("T")

MILLISECONDS = 10**12  # a larger number of "seconds" is one of milliseconds
LONGEST_ID = 512
LONGEST_SENDER = 150


class NotJsonError(ValueError):
    """The body is not JSON (or nested beyond reason): the only reason to refuse one."""


class Text(Struct):
    """A text body."""

    body: str


class MediaPart(Struct):
    """A picture, sound, video, document or sticker; `id` is missing where WhatsApp could not fetch it."""

    id: str = ""
    mime_type: str = ""
    sha256: str = ""
    caption: str = ""
    filename: str = ""
    voice: bool = False


class Location(Struct):
    """A place; numbers may come as text."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    url: str = ""


class Context(Struct):
    """What a message answers or where it was forwarded from."""

    id: str = ""
    forwarded: bool = False
    frequently_forwarded: bool = False


class ReactionPart(Struct):
    """An emoji on a message; empty or missing takes it away."""

    message_id: str
    emoji: str = ""


class ButtonPart(Struct):
    """A quick reply to a template."""

    text: str = ""
    payload: str = ""


class Revoke(Struct):
    """A message the customer took back."""

    original_message_id: str


class Edit(Struct):
    """A message the customer rewrote; `message` is shaped like a message."""

    original_message_id: str
    message: dict[str, Any]


class System(Struct):
    """News about a customer's identity."""

    type: str = ""
    body: str = ""
    wa_id: str = ""
    customer_changed_number: str = ""
    user_id: str = ""
    previous_user_id: str = ""


class Profile(Struct):
    """How somebody calls themselves."""

    name: str = ""


class ContactPart(Struct):
    """One of the people a webhook speaks of."""

    wa_id: str = ""
    user_id: str = ""
    parent_user_id: str = ""
    profile: Profile = field(default_factory=Profile)


class ErrorPart(Struct):
    """An error, in Meta's words."""

    code: int | str = 0
    title: str = ""
    message: str = ""
    error_data: dict[str, Any] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        """The most telling of its texts."""
        details = self.error_data.get("details")
        return details if isinstance(details, str) and details else self.message or self.title


class InboundMessage(Struct):
    """The parts that every message has; what its type adds is read from `raw` by whoever knows the type."""

    id: str
    type: str = "unknown"
    timestamp: Any = None
    sender: str = field(default="", name="from")
    from_user_id: str = ""
    from_parent_user_id: str = ""
    to: str = ""
    to_user_id: str = ""
    group_id: str = ""
    context: Any = None
    errors: Any = None


class StatusPart(Struct):
    """How far one message has come."""

    id: str
    status: str
    timestamp: Any = None
    type: str = ""
    recipient_id: str = ""
    biz_opaque_callback_data: Any = None
    errors: Any = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where in the body an item stood, and which account and number it names."""

    at: str
    waba_id: str
    phone_number_id: str
    field: str = "messages"


@dataclass(frozen=True, slots=True)
class MessageItem:
    """A message from a customer, or (`echo`) one written on the business's own phone."""

    source: Source
    message: InboundMessage
    raw: dict[str, Any]
    contact: ContactPart
    echo: bool = False


@dataclass(frozen=True, slots=True)
class StatusItem:
    """A status of a message of ours."""

    source: Source
    status: StatusPart
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AccountItem:
    """News about the account, a number or a template: everything that is not a conversation."""

    source: Source
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """An item nobody can use, and why."""

    at: str
    reason: str


Usable = MessageItem | StatusItem | AccountItem
Item = Usable | Problem


def decode(body: bytes) -> Any:
    """The JSON of a body, without what PostgreSQL cannot hold: NUL, lone surrogates, numbers beyond floats.

    Raises NotJsonError.
    """
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = _decode_leniently(body)
    except RecursionError as error:
        raise NotJsonError from error
    return _scrub(value) if b"\\u" in body else value


def _decode_leniently(body: bytes) -> Any:
    """Lone surrogates and huge numbers are JSON to Meta, though not to a strict decoder."""
    try:
        return _scrub(json.loads(body.decode(), parse_constant=_refuse_constant))
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error


def _refuse_constant(name: str) -> None:
    raise NotJsonError(name)


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="replace").decode()
    if isinstance(value, list):
        return [_scrub(each) for each in value]
    if isinstance(value, dict):
        return {_scrub(key): _scrub(each) for key, each in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def items(body: Any) -> Iterator[Item]:
    """Everything a decoded body says: all entries, all changes, all messages and statuses."""
    if not isinstance(body, dict):
        yield Problem("", "not an object")
        return
    for entry_at, entry in _objects(body.get("entry"), "entry"):
        if isinstance(entry, Problem):
            yield entry
            continue
        for change_at, change in _objects(entry.get("changes"), f"{entry_at}.changes"):
            if isinstance(change, Problem):
                yield change
            else:
                yield from _change_items(change, change_at, _text(entry.get("id")))


def accounts_named(body: Any) -> set[tuple[str, str]]:
    """The (WABA id, phone number id or "") pairs that a decoded body speaks of, without reading its items."""
    return {
        (_text(entry.get("id")), _number_named(change))
        for entry_at, entry in (_objects(body.get("entry"), "entry") if isinstance(body, dict) else ())
        if isinstance(entry, dict)
        for _, change in _objects(entry.get("changes"), entry_at)
        if isinstance(change, dict)
    }


def _number_named(change: dict[str, Any]) -> str:
    value = change.get("value")
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return _text(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""


def _objects(value: Any, at: str) -> Iterator[tuple[str, dict[str, Any] | Problem]]:
    """The objects of a list that may be missing, no list, or hold something else."""
    if value is None:
        return
    if not isinstance(value, list):
        yield at, Problem(at, "not a list")
        return
    for place, each in enumerate(value):
        where = f"{at}[{place}]"
        yield where, each if isinstance(each, dict) else Problem(where, "not an object")


def _change_items(change: dict[str, Any], at: str, waba_id: str) -> Iterator[Item]:
    value = change.get("value")
    if not isinstance(value, dict):
        yield Problem(f"{at}.value", "not an object")
        return
    source = Source(f"{at}.value", waba_id, _number_named(change), _text(change.get("field")) or "messages")
    if source.field in {"messages", "smb_message_echoes", "message_echoes"}:
        yield from _conversation_items(value, source)
    else:
        yield AccountItem(
            Source(source.at, _account_named(value) or waba_id, source.phone_number_id, source.field), value
        )


def _account_named(value: dict[str, Any]) -> str:
    """The WABA that news for partners is about: their entry names the partner's portfolio instead."""
    info = value.get("waba_info")
    return _text(info.get("waba_id")) if isinstance(info, dict) else ""


def _conversation_items(value: dict[str, Any], source: Source) -> Iterator[Item]:
    contacts = _contacts(value)
    for name in ("messages", "message_echoes"):
        for at, raw in _objects(value.get(name), f"{source.at}.{name}"):
            yield (
                raw
                if isinstance(raw, Problem)
                else _message(raw, _at(source, at), contacts, echo=name == "message_echoes")
            )
    for at, raw in _objects(value.get("statuses"), f"{source.at}.statuses"):
        yield raw if isinstance(raw, Problem) else _status(raw, _at(source, at))
    if value.get("errors") and not value.get("messages") and not value.get("statuses"):
        yield AccountItem(source, value)


def _at(source: Source, at: str) -> Source:
    return Source(at, source.waba_id, source.phone_number_id, source.field)


def _contacts(value: dict[str, Any]) -> list[ContactPart]:
    found = [
        as_part(ContactPart, raw) for _, raw in _objects(value.get("contacts"), "contacts") if isinstance(raw, dict)
    ]
    return [part for part in found if part]


def _message(raw: dict[str, Any], source: Source, contacts: list[ContactPart], *, echo: bool) -> MessageItem | Problem:
    message = as_part(InboundMessage, raw)
    if message is None:
        return Problem(source.at, "not a message: no usable id")
    if not message.id or len(message.id) > LONGEST_ID:
        return Problem(source.at, "the id is empty or too long")
    contact = _contact_of(message, contacts, echo=echo)
    if not (contact.wa_id or contact.user_id or message.group_id):
        return Problem(source.at, "no sender")
    if max(map(len, (contact.wa_id, contact.user_id, contact.parent_user_id, message.group_id))) > LONGEST_SENDER:
        return Problem(source.at, "the sender's id is too long")
    return MessageItem(source, message, raw, contact, echo=echo)


def _contact_of(message: InboundMessage, contacts: list[ContactPart], *, echo: bool) -> ContactPart:
    """The customer: joined by id, never by place in the list; alone in the list, they need no id in the message."""
    wa_id, user_id = (message.to, message.to_user_id) if echo else (message.sender, message.from_user_id)
    named = [
        part for part in contacts if (part.wa_id and part.wa_id == wa_id) or (part.user_id and part.user_id == user_id)
    ]
    known = (named or (contacts if len(contacts) == 1 and not (wa_id or user_id) else []) or [ContactPart()])[0]
    return ContactPart(
        wa_id=wa_id or known.wa_id,
        user_id=user_id or known.user_id,
        parent_user_id=message.from_parent_user_id or known.parent_user_id,
        profile=known.profile,
    )


def _status(raw: dict[str, Any], source: Source) -> StatusItem | Problem:
    status = as_part(StatusPart, raw)
    if status is None or not status.id or len(status.id) > LONGEST_ID:
        return Problem(source.at, "not a status: no usable id or status")
    return StatusItem(source, status, raw)


def as_part(kind: type[T], raw: Any) -> T | None:
    """`raw` as a typed part; None if its shape is wrong. Numbers may come as text, fields as null."""
    if not isinstance(raw, dict):
        return None
    try:
        return msgspec.convert({name: each for name, each in raw.items() if each is not None}, kind, strict=False)
    except msgspec.ValidationError:
        return None


def errors_of(raw: Any) -> list[ErrorPart]:
    """The errors of a message or status, as far as they can be read."""
    found = [as_part(ErrorPart, each) for _, each in _objects(raw, "errors") if isinstance(each, dict)]
    return [part for part in found if part]


def moment(timestamp: Any, received_at: datetime) -> datetime:
    """WhatsApp's time, which may come as text, number, seconds or milliseconds; `received_at` if it is nonsense or ahead."""
    try:
        seconds = float(timestamp)
        at = datetime.fromtimestamp(seconds / 1000 if seconds >= MILLISECONDS else seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return received_at
    return min(at, received_at) if seconds > 0 else received_at


def _text(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else ""
    )
