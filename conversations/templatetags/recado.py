"""What our templates say that Django's cannot: icons, times, colours, ticks, WhatsApp's way of writing."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import Availability
from conversations import notices
from conversations.failures import Failure, explain
from conversations.models import Attachment, Message
from conversations.sendable import TAKEN, type_for
from conversations.statuses import Direction, MessageStatus, MessageType

register = template.Library()

HUES = 12  # colours of avatars, labels and columns, 30 degrees apart (static/css/tokens.css)

_TYPE_ICONS = {
    MessageType.IMAGE: "image",
    MessageType.VIDEO: "video",
    MessageType.AUDIO: "audio-lines",
    MessageType.VOICE: "mic",
    MessageType.DOCUMENT: "file-text",
    MessageType.STICKER: "sticker",
    MessageType.LOCATION: "map-pin",
    MessageType.CONTACTS: "contact",
    MessageType.INTERACTIVE: "mouse-pointer-click",
    MessageType.BUTTON: "mouse-pointer-click",
    MessageType.TEMPLATE: "file-text",
    MessageType.ORDER: "shopping-bag",
    MessageType.UNSUPPORTED: "badge-question-mark",
}
_TICKS = {
    MessageStatus.PENDING: "clock",
    MessageStatus.SENDING: "clock",
    MessageStatus.SENT: "check",
    MessageStatus.DELIVERED: "check-check",
    MessageStatus.READ: "check-check",
    MessageStatus.FAILED: "circle-alert",
    MessageStatus.RECALLED: "undo-2",
}
# *bold*, _italic_, ~struck~ and ```code```, where they stand at the edges of words
_MARKS = (
    (re.compile(r"```(.+?)```", re.DOTALL), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), r"<s>\1</s>"),
)
_LINK = re.compile(r"(<a .*?</a>)", re.DOTALL)
_ITALIC = (re.compile(r"(?<![\w_/])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"<em>\1</em>")


@cache
def _icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("vendor/icons.svg"), name
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of templates/icons.txt; always beside words or inside something that has a name."""
    return _icon(name)


@register.simple_tag
def demo_phone() -> str:
    """Where the customer's phone of the demo is; empty where there is none."""
    return "/simulator/" if settings.MODE == "demo" and settings.SIMULATOR_URL else ""


@register.simple_tag
def availabilities() -> list[Availability]:
    """What people may choose to be."""
    return list(Availability)


@register.filter
def shown_as(message: Message, attachment: Attachment) -> str:
    """What a file looks like in its bubble: a template does not say what stands on top of it."""
    return type_for(attachment) if message.type == MessageType.TEMPLATE else message.type


@register.simple_tag
def message_types() -> list[MessageType]:
    """What a message may be made of, for scripts to name what has no words."""
    return list(MessageType)


@register.simple_tag
def type_icon(kind: str) -> SafeString:
    """The icon of a message that is more than text; nothing for text."""
    found = _TYPE_ICONS.get(MessageType(kind)) if kind else None
    return _icon(found) if found else SafeString()


@register.simple_tag
def tick(status: str) -> SafeString:
    """How far an outgoing message has come: a clock, one tick, two, two blue, a red mark; said in words as well."""
    known = MessageStatus(status)
    return format_html(
        '<span class="tick" data-status="{}" title="{}">{}</span>', known.value, known.label, _named(known)
    )


def _named(status: MessageStatus) -> SafeString:
    return format_html('{}<span class="sr-only">{}</span>', _icon(_TICKS[status]), status.label)


@register.simple_tag
def moment(at: datetime | None, show: str) -> SafeString:
    """A time. The browser shows it in its own zone as `clock`, `elapsed`, `recent` or `date` (static/js/times.js)."""
    if at is None:
        return SafeString()
    utc = at.astimezone(UTC)
    return format_html(
        '<time datetime="{}" data-show="{}">{}</time>', f"{utc:%Y-%m-%dT%H:%M:%S}Z", show, f"{utc:%H:%M}"
    )


@register.filter
def hue(value: int | UUID | str) -> int:
    """Which of HUES something has: an angle by its nearest, a row by its id."""
    if isinstance(value, int):
        return round(value * HUES / 360) % HUES
    return int(str(value).replace("-", "")[-4:], 16) % HUES


@register.filter
def initials(name: str) -> str:
    """One or two letters for an avatar; the first sign of a name without letters."""
    words = [word for word in re.split(r"[\s\-+]+", name) if word[:1].isalpha()]
    letters = [word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)]
    return "".join(letters).upper() or name.strip("+ ")[:1] or "?"


@register.filter
def whatsapp(text: str) -> SafeString:
    """A text as WhatsApp shows it: links, bold, italic, struck, code. Everything else is escaped."""
    linked = urlize(escape(text), nofollow=True, autoescape=False)
    parts = _LINK.split(linked)
    return mark_safe("".join(part if part.startswith("<a ") else _marked(part) for part in parts))  # noqa: S308 - escaped above


@register.filter
def words(message: Message) -> SafeString:
    """What a message says, with the colleagues whom it mentions marked."""
    shown = whatsapp(message.content)
    people: dict[str, str] = {escape(f"@{each['name']}"): each["id"] for each in message.metadata.get("mentions", ())}
    if not people:
        return shown
    longest_first = "|".join(re.escape(name) for name in sorted(people, key=len, reverse=True))
    parts = (
        part if part.startswith("<a ") else re.sub(longest_first, lambda found: _mention(found[0], people), part)
        for part in _LINK.split(shown)
    )
    return mark_safe("".join(parts))  # noqa: S308 - escaped above


def _mention(name: str, people: dict[str, str]) -> str:
    return f'<span class="mention" data-user="{people[name]}">{name}</span>'


@register.filter
def notice(message: Message) -> str:
    """What a chat says about itself; what nobody said to anybody in other conversations."""
    return notices.words(message)


@register.simple_tag
def emojis() -> tuple[str, ...]:
    """Those that are offered to react with."""
    return ("👍", "❤️", "😂", "😮", "😢", "🙏")


def _marked(escaped: str) -> str:
    for pattern, replacement in (*_MARKS, _ITALIC):
        escaped = pattern.sub(replacement, escaped)
    return escaped


@register.filter
def order_key(message: Message) -> str:
    """Where a message stands in its thread, comparable as text: microseconds, then the id."""
    return f"{round(message.said_at.timestamp() * 1_000_000):016d}-{message.pk}"


@register.filter
def dom_id(message: Message) -> str:
    """The id its bubble has had since the sender's browser made it up."""
    return message.client_id or str(message.pk)


@register.filter
def side(message: Message) -> str:
    """Where a message stands: `in`, `out`, or in the `middle` what nobody said to anybody."""
    if message.type in {MessageType.SYSTEM, MessageType.ACTIVITY}:
        return "middle"
    if message.place:
        return "in"  # a chat's: the browser puts one's own on the other side (static/js/conversation/thread.js)
    if message.direction == Direction.INTERNAL:
        return "note"
    return "in" if message.direction == Direction.INBOUND else "out"


@register.simple_tag
def failure(message: Message) -> Failure:
    """Why it failed and what to do."""
    return explain(message.error_code, message.error_detail)


@register.simple_tag
def author(message: Message) -> str:
    """Who wrote an outgoing message."""
    if message.sender:
        return str(message.sender)
    return _("WhatsApp Business app") if message.metadata.get("author") == "phone_app" else _("System")


@register.filter
def coordinates(metadata: dict[str, object]) -> str:
    """`-23.56,-46.65` of a location, for a map's address; empty when there are none."""
    latitude, longitude = metadata.get("latitude"), metadata.get("longitude")
    return f"{latitude},{longitude}" if isinstance(latitude, int | float) and isinstance(longitude, int | float) else ""


@register.filter
def map_link(metadata: dict[str, object]) -> str:
    """A map of the place; empty without coordinates."""
    at = coordinates(metadata)
    latitude, _, longitude = at.partition(",")
    return (
        f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}" if at else ""
    )


@register.filter
def people(metadata: dict[str, object]) -> list[dict[str, str]]:
    """The names and phones of contact cards, whatever shape they came in."""
    cards = metadata.get("contacts")
    return [_person(card) for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []


def _person(card: dict[str, object]) -> dict[str, str]:
    name, phones = card.get("name"), card.get("phones")
    first = phones[0] if isinstance(phones, list) and phones and isinstance(phones[0], dict) else {}
    formatted = name.get("formatted_name") or name.get("first_name") if isinstance(name, dict) else ""
    return {"name": str(formatted or ""), "phone": str(first.get("phone") or "")}


@register.simple_tag
def takes() -> str:
    """What WhatsApp takes of files, for the composer: by type the MIME types, the most bytes and what to do instead."""
    kinds = {
        kind: {"types": sorted(taken.mime_types), "size": taken.size, "advice": str(taken.advice)}
        for kind, taken in TAKEN.items()
    }
    return json.dumps(kinds)
