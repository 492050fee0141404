"""The shapes that Meta's JSON is made of, as far as we read them; wrong ones are None rather than an exception."""

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

T = TypeVar("T")

MILLISECONDS = 10**12  # a larger number of "seconds" is one of milliseconds


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
    parent_user_id: str = ""
    previous_parent_user_id: str = ""


class Replaced(Struct):
    """An id that another one took the place of."""

    previous: str | None = None
    current: str | None = None


class UserIdUpdate(Struct):
    """A customer's business-scoped ids were replaced, as WhatsApp does when they change their phone number."""

    wa_id: str = ""
    user_id: Replaced = field(default_factory=Replaced)
    parent_user_id: Replaced = field(default_factory=Replaced)


class Profile(Struct):
    """How somebody calls themselves."""

    name: str | None = None


class ContactPart(Struct):
    """One of the people a webhook speaks of."""

    wa_id: str = ""
    user_id: str = ""
    parent_user_id: str = ""
    profile: Profile = field(default_factory=Profile)

    @property
    def name(self) -> str:
        """How they call themselves; empty if they do not say."""
        return self.profile.name or ""


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
    to_parent_user_id: str = ""
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


class TemplatePart(Struct):
    """A template, as the Graph API lists it."""

    name: str
    language: str
    id: str = ""
    status: str = ""
    category: str = ""
    components: list[Any] = field(default_factory=list)


class TemplateExample(Struct):
    """What somebody wrote into the placeholders when they asked Meta for approval."""

    header_text: list[str] = field(default_factory=list)
    body_text: list[list[str]] = field(default_factory=list)
    header_text_named_params: list[dict[str, Any]] = field(default_factory=list)
    body_text_named_params: list[dict[str, Any]] = field(default_factory=list)


class TemplateButton(Struct):
    """A button of a template."""

    type: str
    text: str = ""
    url: str = ""
    phone_number: str = ""
    example: Any = None


class ComponentPart(Struct):
    """The header, body, footer or buttons of a template."""

    type: str
    format: str = "TEXT"
    text: str = ""
    buttons: Any = None
    example: Any = None


class TemplateNews(Struct):
    """What became of a template: who it is, and what the field of the webhook adds."""

    message_template_name: str
    message_template_language: str
    event: str = ""
    previous_category: str = ""
    new_category: str = ""


def as_part(kind: type[T], raw: Any) -> T | None:
    """`raw` as a typed part; None if its shape is wrong. Numbers may come as text, fields as null."""
    if not isinstance(raw, dict):
        return None
    try:
        return msgspec.convert({name: each for name, each in raw.items() if each is not None}, kind, strict=False)
    except msgspec.ValidationError:
        return None


def parts_of(kind: type[T], raw: Any) -> list[T]:
    """The elements of a list that have the right shape; none of what is no list."""
    found = (as_part(kind, each) for each in raw) if isinstance(raw, list) else ()
    return [part for part in found if part is not None]


def moment(timestamp: Any, received_at: datetime) -> datetime:
    """WhatsApp's time, in seconds or milliseconds, as number or text; `received_at` if it is nonsense or ahead."""
    try:
        seconds = float(timestamp)
        at = datetime.fromtimestamp(seconds / 1000 if seconds >= MILLISECONDS else seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return received_at
    return min(at, received_at) if seconds > 0 else received_at
