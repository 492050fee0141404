"""What a channel hands over: a message as it arrived, in our words, before any row exists."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from conversations.models import IdentityKind
from conversations.statuses import Direction, MessageStatus, MessageType

WINDOW = timedelta(hours=24)
# Meta retries a webhook for seven days; an older (or future) time is a wrong clock, not a late delivery.
PLAUSIBLE_AGE = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """One of the names the channel has for a person."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote. `identities` in the order in which they are looked up; the last WA_ID or BSUID is where replies go."""

    identities: tuple[Identity, ...]
    address: Identity
    name: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file that the channel holds for us under `media_id`; without it, `error` says why there is none."""

    media_id: str
    mime_type: str = ""
    filename: str = ""
    sha256: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message over one number. `said_at` is WhatsApp's clock, never later than `received_at`."""

    number_id: UUID
    wamid: str
    person: Person
    type: MessageType
    said_at: datetime
    received_at: datetime
    content: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    reply_to_wamid: str = ""
    media: Media | None = None
    direction: Direction = Direction.INBOUND

    @property
    def status(self) -> MessageStatus:
        """What it starts as: an echo of the phone app has been sent already."""
        return MessageStatus.DELIVERED if self.direction == Direction.INBOUND else MessageStatus.SENT

    @property
    def counted_at(self) -> datetime:
        """The time for lists, waiting and the window: `said_at` unless no delivery can be that old."""
        return self.said_at if self.received_at - self.said_at <= PLAUSIBLE_AGE else self.received_at
