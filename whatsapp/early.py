"""News about a message that has not come yet: kept in a row, claimed in the transaction that stores the message."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from conversations.actions import apply_outcomes
from conversations.actions.outcomes import Outcome
from conversations.models import Message
from events.emit import action
from tenancy.postgresql.prepared import Prepared
from tenancy.scope import current_tenant_id
from whatsapp import translate
from whatsapp.models import EarlyUpdate
from whatsapp.payloads import ContactPart, InboundMessage, MessageItem, Source, StatusItem, StatusPart, as_part
from whatsapp.revisions import Revision, apply_revisions

# Next to nothing ever waits: by hand, and Django's ORM only for what does.
_WAITING = Prepared(
    "SELECT id FROM whatsapp_earlyupdate"
    " WHERE tenant_id = %s AND number_id = ANY(%s::uuid[]) AND wamid = ANY(%s::text[])"  # as its one index has them
)
_SOURCE = Source("early", "", "")  # its delivery has been settled long ago


@dataclass(frozen=True, slots=True)
class Status:
    """A status, and the item it was read from (which is what a row keeps)."""

    outcome: Outcome
    item: StatusItem
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """What had been waiting for messages that are here now."""

    statuses: list[Status]
    revisions: list[Revision]


def park(statuses: Iterable[Status], revisions: Iterable[Revision]) -> None:
    """Keep updates until their message comes. The same one twice is one row."""
    rows = [_status_row(status) for status in statuses] + [_revision_row(revision) for revision in revisions]
    if rows:
        EarlyUpdate.objects.bulk_create(rows, ignore_conflicts=True)


def _status_row(status: Status) -> EarlyUpdate:
    """Meta words the same status differently from time to time: the same outcome is the same update."""
    row = _row(status.outcome.number_id, status.outcome.wamid, {"status": status.item.raw}, status.received_at)
    row.digest = _digest(status.outcome)
    return row


def _revision_row(revision: Revision) -> EarlyUpdate:
    item = revision.item
    update = {"message": item.raw, "contact": msgspec.to_builtins(item.contact), "echo": item.echo}
    return _row(revision.number_id, revision.target, update, revision.received_at)


def _row(number_id: UUID, wamid: str, update: dict[str, Any], received_at: datetime) -> EarlyUpdate:
    return EarlyUpdate(
        number_id=number_id, wamid=wamid[:512], update=update, digest=_digest(update), received_at=received_at
    )


def _digest(meaning: object) -> str:
    return hashlib.sha256(msgspec.json.encode(meaning, order="deterministic")).hexdigest()


def claim(messages: Sequence[Message]) -> Claimed:
    """Take out what waits for `messages`. Part of the transaction that stored them: a roll-back puts it back."""
    mine = {(message.number_id, message.wamid) for message in messages if message.number_id and message.wamid}
    taken = [row for row in _waiting(mine) if (row.number_id, row.wamid) in mine]
    if taken:
        EarlyUpdate.objects.filter(pk__in=[row.pk for row in taken]).delete()
    return Claimed(list(filter(None, map(_status, taken))), list(filter(None, map(_revision, taken))))


def _waiting(keys: Collection[tuple[UUID, str]]) -> Iterable[EarlyUpdate]:
    numbers, wamids = ({key[place] for key in keys} for place in (0, 1))
    found = [pk for (pk,) in _WAITING.rows(current_tenant_id(), list(numbers), list(wamids))] if keys else ()
    return EarlyUpdate.objects.filter(pk__in=found).order_by("id") if found else ()


def _status(row: EarlyUpdate) -> Status | None:
    raw = row.update.get("status")
    part = as_part(StatusPart, raw)
    if part is None:
        return None
    item = StatusItem(_SOURCE, part, raw)
    outcome = translate.outcome(item, row.number_id, row.received_at)
    return Status(outcome, item, row.received_at) if outcome else None


def _revision(row: EarlyUpdate) -> Revision | None:
    raw = row.update.get("message")
    message, contact = as_part(InboundMessage, raw), as_part(ContactPart, row.update.get("contact"))
    if message is None or contact is None:
        return None
    item = MessageItem(_SOURCE, message, raw, contact, echo=bool(row.update.get("echo")))
    return Revision(item, row.number_id, row.received_at)


@action
def settle(messages: Sequence[Message]) -> None:
    """Apply what waits for messages whose wamid has just become known."""
    claimed = claim(messages)
    apply_outcomes([status.outcome for status in claimed.statuses])
    apply_revisions(claimed.revisions)


def tenants_overdue() -> list[UUID]:
    """Whose updates `settle_overdue` looks at."""
    return list(EarlyUpdate.objects.filter(received_at__gte=_recently()).values_list("tenant_id", flat=True).distinct())


def settle_overdue() -> int:
    """Catch the rare update that was parked in the same instant in which its message was stored; returns how many."""
    held = Message.objects.filter(number=OuterRef("number"), wamid=OuterRef("wamid")).values("pk")[:1]
    rows = EarlyUpdate.objects.filter(received_at__gte=_recently()).annotate(held=Subquery(held)).exclude(held=None)
    messages = list(Message.objects.filter(pk__in=rows.values("held")))
    if messages:
        settle(messages)
    return len(messages)


def _recently() -> datetime:
    """Most of what waits speaks of messages that will never come, and nobody has to look at it all the time."""
    return timezone.now() - timedelta(minutes=15)
