"""What an item of a body may be."""

from dataclasses import dataclass
from typing import Any

from whatsapp.payloads.parts import ContactPart, InboundMessage, StatusPart


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
