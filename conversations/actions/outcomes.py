"""What became of messages we sent, by WhatsApp's statuses: in any order, forward only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from conversations.actions.changes import announce_activity, announce_status, lock, store_activity
from conversations.models import Conversation, Message
from conversations.statuses import PROGRESS, Direction, MessageStatus
from events.emit import action

_STAMP = {
    MessageStatus.SENT: "sent_at",
    MessageStatus.DELIVERED: "delivered_at",
    MessageStatus.READ: "read_at",
    MessageStatus.FAILED: "failed_at",
}
_FIELDS = (
    "wamid", "status", "sent_at", "delivered_at", "read_at", "failed_at", "error_code", "error_detail",
    "attempts", "next_attempt_at", "version",
)  # fmt: skip


FORMER_WAMIDS = "formerWamids"  # in a message's metadata: of its sends that failed and were retried


@dataclass(frozen=True, slots=True)
class Outcome:
    """One status of one message. `message_id` is our own id, if the channel gave it back: it settles a lost answer."""

    number_id: UUID
    wamid: str
    status: MessageStatus
    at: datetime
    message_id: UUID | None = None
    error_code: str = ""
    error_detail: str = ""


@action
def apply_outcomes(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Apply statuses in any order, any number of times; returns those whose message is not here (yet)."""
    rows = _lock_messages(outcomes) if outcomes else []
    by_wamid = {(row.number_id, row.wamid): row for row in rows if row.wamid}
    by_id: dict[UUID | None, Message] = {row.pk: row for row in rows if row.wamid is None}
    unknown, changed = [], {}
    for outcome in sorted(outcomes, key=lambda each: PROGRESS.index(each.status)):
        row = by_wamid.get((outcome.number_id, outcome.wamid)) or by_id.get(outcome.message_id)
        if row is None:
            unknown.append(outcome)
        elif not _is_old_news(row, outcome) and _apply(row, outcome):
            changed[row.pk] = row
    store_progress(changed.values())
    return unknown


def _lock_messages(outcomes: Iterable[Outcome]) -> list[Message]:
    wanted = Q(wamid__in={outcome.wamid for outcome in outcomes})
    ours = {outcome.message_id for outcome in outcomes if outcome.message_id}
    if ours:
        wanted |= Q(pk__in=ours, wamid=None)
    concerned = Message.objects.filter(wanted, direction=Direction.OUTBOUND)
    conversations = lock(concerned.values_list("conversation_id", flat=True))
    rows = list(concerned.order_by("id").select_for_update(no_key=True))
    for row in rows:
        if row.conversation_id in conversations:
            row.conversation = conversations[row.conversation_id]
    return rows


def _is_old_news(row: Message, outcome: Outcome) -> bool:
    """Whether it is of a send that failed and was retried: Meta repeats itself. That it did arrive would be news."""
    is_former = outcome.wamid in row.metadata.get(FORMER_WAMIDS, ())
    return is_former and outcome.status in {MessageStatus.SENT, MessageStatus.FAILED}


def _apply(row: Message, outcome: Outcome) -> bool:
    """Take in one status; False if it says nothing new."""
    before = _facts(row)
    row.wamid = row.wamid or outcome.wamid
    stamp = _STAMP[outcome.status]
    setattr(row, stamp, min(getattr(row, stamp) or outcome.at, outcome.at))
    if outcome.status == MessageStatus.FAILED:
        row.error_code, row.error_detail = outcome.error_code, outcome.error_detail
    if row.can_become(outcome.status):
        row.status, row.next_attempt_at = outcome.status, None
    return _facts(row) != before


def _facts(row: Message) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _FIELDS)


def store_progress(rows: Iterable[Message]) -> None:
    """Write locked messages a version further, and the cards that show them, and say so."""
    on_cards: dict[UUID, Conversation] = {}
    changed = sorted(rows, key=lambda row: row.pk)
    for row in changed:
        row.version += 1
        if row.conversation.last_message_id == row.pk:
            row.conversation.last_message_status = row.status
            on_cards[row.conversation_id] = row.conversation
    if changed:
        Message.objects.bulk_update(changed, _FIELDS)
    if on_cards:
        store_activity(on_cards.values())
    for row in changed:
        announce_status(row)
    for conversation in on_cards.values():
        announce_activity(conversation)
