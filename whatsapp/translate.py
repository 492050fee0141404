"""From Meta's items to the core's words: messages to arrivals, statuses to outcomes."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from conversations.actions.arrivals import Arrival, Identity, Person
from conversations.actions.outcomes import Outcome
from conversations.models import IdentityKind
from conversations.statuses import Direction, MessageStatus
from whatsapp import contents
from whatsapp.payloads import (
    AccountItem,
    ContactPart,
    Context,
    Edit,
    MessageItem,
    StatusItem,
    System,
    UserIdUpdate,
    as_part,
    moment,
    parts_of,
)

LONGEST_TEXT = 16_384  # characters; WhatsApp's own limit is 4,096
LONGEST_NAME = 120

STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.READ,
    "failed": MessageStatus.FAILED,
}
CALLBACK_PREFIX = "recado:"
_FORMER_ID = re.compile(r"changed from (\S+) to (\S+)$")


@dataclass(frozen=True, slots=True)
class NewNames:
    """Whoever we know by one of `known` goes by `new` from now on."""

    known: tuple[Identity, ...]
    new: tuple[Identity, ...]


def arrival(item: MessageItem, number_id: UUID, received_at: datetime) -> Arrival:
    """A message as the core stores it."""
    content = contents.read(item)
    context = as_part(Context, item.message.context) or Context()
    return Arrival(
        number_id=number_id,
        wamid=item.message.id,
        person=person(item),
        type=content.type,
        content=content.text[:LONGEST_TEXT],
        metadata={**content.metadata, **_circumstances(item, context)},
        reply_to_wamid=context.id[:512],
        media=content.media,
        said_at=moment(item.message.timestamp, received_at),
        received_at=received_at,
        direction=Direction.OUTBOUND if item.echo else Direction.INBOUND,
    )


def person(item: MessageItem) -> Person:
    """Who wrote: a group if it was said in one, else the customer; replies go to the phone's id where there is one."""
    if item.message.group_id:
        group = Identity(IdentityKind.GROUP, item.message.group_id)
        return Person((group,), group, "")
    known = identities(item.contact)
    return Person(known, known[-1], " ".join(item.contact.name.split())[:LONGEST_NAME])


def identities(contact: ContactPart) -> tuple[Identity, ...]:
    """All the names that Meta gives for somebody, parents first, the phone's id last."""
    named = (
        (IdentityKind.PARENT_BSUID, contact.parent_user_id),
        (IdentityKind.BSUID, contact.user_id),
        (IdentityKind.WA_ID, contact.wa_id),
    )
    return tuple(Identity(kind, value) for kind, value in named if value)


def new_names(item: MessageItem) -> NewNames:
    """What a system message says: a customer changed their phone number, or got another user id."""
    system = as_part(System, item.raw.get("system")) or System()
    former = ContactPart(
        user_id=system.previous_user_id or _former_id(system), parent_user_id=system.previous_parent_user_id
    )
    present = ContactPart(
        wa_id=system.wa_id or system.customer_changed_number,
        user_id=system.user_id,
        parent_user_id=system.parent_user_id,
    )
    return NewNames((*identities(item.contact), *identities(former)), identities(present))


def _former_id(system: System) -> str:
    """Meta's own example has the former id in its sentence only, behind a name of the customer's choice."""
    found = _FORMER_ID.search(system.body)
    return found[1] if found and found[2] == system.user_id else ""


def replaced_ids(item: AccountItem) -> list[NewNames]:
    """What a `user_id_update` says."""
    return [_replaced(part) for part in parts_of(UserIdUpdate, item.value.get("user_id_update"))]


def _replaced(part: UserIdUpdate) -> NewNames:
    former, present = (
        ContactPart(wa_id=part.wa_id, user_id=user_id or "", parent_user_id=parent_id or "")
        for user_id, parent_id in (
            (part.user_id.previous, part.parent_user_id.previous),
            (part.user_id.current, part.parent_user_id.current),
        )
    )
    return NewNames(identities(former), identities(present))


def outcome(item: StatusItem, number_id: UUID, received_at: datetime) -> Outcome | None:
    """A status as the core applies it; None for calls and for words that say nothing about progress."""
    status = STATUSES.get(item.status.status)
    if status is None or item.status.type == "call" or item.status.id.startswith("wacid."):
        return None
    error = contents.first_error(item.status.errors) if status == MessageStatus.FAILED else None
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


def _circumstances(item: MessageItem, context: Context) -> dict[str, Any]:
    """What is worth knowing beside the words."""
    found: dict[str, Any] = {}
    if context.forwarded or context.frequently_forwarded:
        found["forwarded"] = "often" if context.frequently_forwarded else "once"
    if item.message.group_id:
        found["participant"] = {"name": item.contact.name[:LONGEST_NAME], "waId": item.contact.wa_id}
    if item.echo:
        found["author"] = "phone_app"
    if isinstance(item.raw.get("referral"), dict):
        found["referral"] = contents.kept(item.raw["referral"])
    return found


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
