"""Walking a decoded body without trusting any shape: everything that it says, as typed items."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from whatsapp.payloads.kinds import AccountItem, Item, MessageItem, Problem, Source, StatusItem
from whatsapp.payloads.parts import ContactPart, InboundMessage, StatusPart, as_part, parts_of

LONGEST_ID = 512
LONGEST_SENDER = 150
_ABOUT_WHAT_IS_HERE = {"system", "reaction", "edit", "revoke"}  # begin no conversation, so they need no sender
_USER_ID = re.compile(r"[A-Z]{2}\.")  # a business-scoped user id begins with its country, a phone's id is digits


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
        for entry in _plain_objects(body.get("entry") if isinstance(body, dict) else None)
        for change in _plain_objects(entry.get("changes"))
    }


def _plain_objects(value: Any) -> list[dict[str, Any]]:
    """`_objects` for who has nothing to say about the others, of which there may be millions."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _number_named(change: dict[str, Any]) -> str:
    value = change.get("value")
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return _text(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""


def _change_items(change: dict[str, Any], at: str, waba_id: str) -> Iterator[Item]:
    value = change.get("value")
    if not isinstance(value, dict):
        yield Problem(f"{at}.value", "not an object")
        return
    source = Source(f"{at}.value", waba_id, _number_named(change), _text(change.get("field")) or "messages")
    if source.field in {"messages", "smb_message_echoes", "message_echoes"}:
        yield from _conversation_items(value, source)
    else:
        yield AccountItem(replace(source, waba_id=_account_named(value) or waba_id), value)


def _account_named(value: dict[str, Any]) -> str:
    """The WABA that news for partners is about: their entry names the partner's portfolio instead."""
    info = value.get("waba_info")
    return _text(info.get("waba_id")) if isinstance(info, dict) else ""


def _conversation_items(value: dict[str, Any], source: Source) -> Iterator[Item]:
    contacts = parts_of(ContactPart, value.get("contacts"))
    for name in ("messages", "message_echoes"):
        for at, raw in _objects(value.get(name), f"{source.at}.{name}"):
            echo = name == "message_echoes"
            if isinstance(raw, Problem):
                yield raw
            elif raw.get("type") != "request_welcome":  # somebody looked at the chat: nothing was said, and maybe no id
                yield _message(raw, replace(source, at=at), contacts, echo=echo)
    for at, raw in _objects(value.get("statuses"), f"{source.at}.statuses"):
        yield raw if isinstance(raw, Problem) else _status(raw, replace(source, at=at))
    if value.get("errors") and not value.get("messages") and not value.get("statuses"):
        yield AccountItem(source, value)


def _message(
    raw: dict[str, Any], source: Source, contacts: Sequence[ContactPart], *, echo: bool
) -> MessageItem | Problem:
    message = as_part(InboundMessage, raw)
    if message is None:
        return Problem(source.at, "not a message: no usable id")
    if not message.id or len(message.id) > LONGEST_ID:
        return Problem(source.at, "the id is empty or too long")
    contact = _contact_of(message, contacts, echo=echo)
    if not (contact.wa_id or contact.user_id or message.group_id or message.type in _ABOUT_WHAT_IS_HERE):
        return Problem(source.at, "no sender")
    if max(map(len, (contact.wa_id, contact.user_id, contact.parent_user_id, message.group_id))) > LONGEST_SENDER:
        return Problem(source.at, "the sender's id is too long")
    return MessageItem(source, message, raw, contact, echo=echo)


def _contact_of(message: InboundMessage, contacts: Sequence[ContactPart], *, echo: bool) -> ContactPart:
    """The customer: joined by id, never by place in the list; alone in the list, they need no id in the message."""
    wa_id, user_id, parent_id = (
        (message.to, message.to_user_id, message.to_parent_user_id)
        if echo
        else (message.sender, message.from_user_id, message.from_parent_user_id)
    )
    if _USER_ID.match(wa_id):  # others have met it there
        wa_id, user_id = "", user_id or wa_id
    alone = len(contacts) == 1 and not (wa_id or user_id)
    named = (
        part
        for part in contacts
        if alone or (part.wa_id and part.wa_id == wa_id) or (part.user_id and part.user_id == user_id)
    )
    known = next(named, ContactPart())
    return ContactPart(
        wa_id=wa_id or known.wa_id,
        user_id=user_id or known.user_id,
        parent_user_id=parent_id or known.parent_user_id,
        profile=known.profile,
    )


def _status(raw: dict[str, Any], source: Source) -> StatusItem | Problem:
    status = as_part(StatusPart, raw)
    if status is None or not status.id or len(status.id) > LONGEST_ID:
        return Problem(source.at, "not a status: no usable id or status")
    return StatusItem(source, status, raw)


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


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
