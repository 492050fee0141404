"""Storing a batch of arrivals of one tenant: a fixed number of statements, one transaction, one set of events.

Lock order, everywhere in this project: conversations by id, then messages by id, then the tenant's event counter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from conversations import placement
from conversations.actions import people
from conversations.actions.arrivals import WINDOW, Arrival, Media
from conversations.actions.changes import announce_activity, arrays, store_activity
from conversations.models import Attachment, AttachmentState, Contact, Conversation, Message
from conversations.serializers import conversation_object, message_object, preview
from conversations.statuses import ConversationKind, ConversationStatus, Direction
from events.catalogue import ConversationNew, MessageNew
from events.emit import action, emit
from tenancy.scope import current_tenant_id

_INSERT_MESSAGES = """
INSERT INTO conversations_message (
    tenant_id, id, conversation_id, number_id, contact_id, wamid, direction, type, content, metadata, status,
    error_code, error_detail, reply_to_id, reply_to_wamid, said_at, received_at, attempts, version
)
SELECT %s, new.*, 0, 1 FROM unnest(
    %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::text[],
    %s::text[], %s::text[], %s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[]
) AS new
ON CONFLICT (tenant_id, number_id, wamid) DO NOTHING
RETURNING id
"""
_MESSAGE_COLUMNS = (
    "id", "conversation_id", "number_id", "contact_id", "wamid", "direction", "type", "content", "metadata", "status",
    "error_code", "error_detail", "reply_to_id", "reply_to_wamid", "said_at", "received_at",
)  # fmt: skip


_Pair = tuple[UUID, UUID]  # number, contact


@dataclass(frozen=True, slots=True)
class _Received:
    """A row that was really new, and what it came from."""

    message: Message
    arrival: Arrival


@dataclass(slots=True)
class _Open:
    """The locked conversations of a batch: open ones by (number, contact), those begun here, those merely renamed."""

    by_pair: dict[_Pair, Conversation] = field(default_factory=dict)
    begun: set[UUID] = field(default_factory=set)
    renamed: list[Conversation] = field(default_factory=list)


@action
def receive(arrivals: Sequence[Arrival]) -> list[Message]:
    """Store what is new of a batch for the current tenant and tell everybody; returns the new messages.

    The same (number, wamid) twice, in the batch or in the table, is one message.
    """
    fresh = _not_stored_yet(arrivals)
    if not fresh:
        return []
    resolved = people.resolve([arrival.person for arrival in fresh])
    conversations = _open_conversations(fresh, resolved)
    received = _insert(fresh, resolved.contacts, conversations.by_pair)
    _link_quotes(received)
    _attach(received)
    _bring_up_to_date(received, conversations)
    return [each.message for each in received]


def _not_stored_yet(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Without doubles, in the order said. The unique key has the last word; this saves work on Meta's retries."""
    unique = {(arrival.number_id, arrival.wamid): arrival for arrival in reversed(arrivals)}
    stored = set(Message.objects.filter(wamid__in=[wamid for _, wamid in unique]).values_list("number_id", "wamid"))
    fresh = [arrival for key, arrival in reversed(unique.items()) if key not in stored]
    return sorted(fresh, key=lambda arrival: arrival.said_at)


def _open_conversations(arrivals: Sequence[Arrival], resolved: people.Resolved) -> _Open:
    """Find, begin and lock the open conversation of each (number, contact)."""
    contacts = {contact.pk: contact for contact in resolved.contacts.values()}
    pairs = {(arrival.number_id, resolved.contacts[arrival.person].pk) for arrival in arrivals}
    found = _lock(pairs, contacts, resolved.renamed)
    while missing := pairs - found.by_pair.keys():  # again if a rival's was resolved before we could lock it
        rows = _begin(missing)
        begun = found.begun
        found = _lock(pairs, contacts, resolved.renamed)
        found.begun = begun | ({row.pk for row in rows} & {row.pk for row in found.by_pair.values()})
    return found


def _begin(pairs: set[_Pair]) -> list[Conversation]:
    column_id, rank = placement.newcomers_column_id(), placement.top_rank()
    rows = [
        Conversation(number_id=number_id, contact_id=contact_id, column_id=column_id, rank=rank, version=0)
        for number_id, contact_id in sorted(pairs)
    ]
    return Conversation.objects.bulk_create(rows, ignore_conflicts=True)


def _lock(pairs: set[_Pair], contacts: dict[UUID, Contact], renamed: set[UUID]) -> _Open:
    wanted = Q(contact_id__in=contacts) & ~Q(status=ConversationStatus.RESOLVED) | Q(contact_id__in=renamed)
    rows = (
        Conversation.objects.filter(wanted, kind=ConversationKind.CUSTOMER)
        .order_by("id")
        .select_for_update(no_key=True)
    )
    found = _Open()
    for row in rows:
        row.contact = contacts[row.contact_id]  # type: ignore[index]  # the filter names contacts only
        pair = (row.number_id, row.contact_id)
        if pair in pairs and row.status != ConversationStatus.RESOLVED:
            found.by_pair[pair] = row  # type: ignore[index]
        elif row.contact_id in renamed:
            found.renamed.append(row)
    return found


def _insert(
    arrivals: Sequence[Arrival],
    contacts: dict[people.Person, Contact],
    conversations: dict[tuple[UUID, UUID], Conversation],
) -> list[_Received]:
    quoted = _quoted(arrivals)
    rows = [_row(arrival, contacts[arrival.person], conversations, quoted) for arrival in arrivals]
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT_MESSAGES, [current_tenant_id(), *arrays([row.message for row in rows], _MESSAGE_COLUMNS)]
        )
        new = {pk for (pk,) in cursor.fetchall()}
    return [row for row in rows if row.message.pk in new]


def _row(
    arrival: Arrival,
    contact: Contact,
    conversations: dict[tuple[UUID, UUID], Conversation],
    quoted: dict[tuple[UUID, str], Message],
) -> _Received:
    message = Message(
        conversation=conversations[arrival.number_id, contact.pk],
        tenant_id=current_tenant_id(),
        number_id=arrival.number_id,
        contact=contact if arrival.direction == Direction.INBOUND else None,
        wamid=arrival.wamid,
        direction=arrival.direction,
        type=arrival.type,
        content=arrival.content,
        metadata=arrival.metadata,
        status=arrival.status,
        reply_to=quoted.get((arrival.number_id, arrival.reply_to_wamid)),
        reply_to_wamid=arrival.reply_to_wamid,
        said_at=arrival.said_at,
        received_at=arrival.received_at,
    )
    return _Received(message, arrival)


def _quoted(arrivals: Iterable[Arrival]) -> dict[tuple[UUID, str], Message]:
    wamids = {arrival.reply_to_wamid for arrival in arrivals} - {""}
    rows = Message.objects.filter(wamid__in=wamids) if wamids else ()
    return {(row.number_id, row.wamid): row for row in rows if row.number_id and row.wamid}


def _link_quotes(received: Sequence[_Received]) -> None:
    """Replies that came before what they answer point to it from now on, also inside this batch."""
    new = {(each.message.number_id, each.message.wamid): each.message for each in received}
    waiting = Message.objects.filter(reply_to=None, reply_to_wamid__in=[wamid for _, wamid in new]).exclude(
        reply_to_wamid=""
    )
    for row in waiting:
        target = new.get((row.number_id, row.reply_to_wamid))
        if target:
            Message.objects.filter(pk=row.pk).update(reply_to=target, version=F("version") + 1)
    for each in received:
        target = new.get((each.message.number_id, each.arrival.reply_to_wamid))
        if target and each.message.reply_to is None:
            each.message.reply_to = target
            each.message.version += 1


def _attach(received: Sequence[_Received]) -> None:
    files = [_attachment(each.message, each.arrival.media) for each in received if each.arrival.media]
    if files:
        Attachment.objects.bulk_create(files)
    by_message = {attachment.message_id: attachment for attachment in files}
    for each in received:  # rows of this instant: nothing to fetch when they are serialized
        found = by_message.get(each.message.pk)
        each.message._prefetched_objects_cache = {"attachments": [found] if found else [], "reactions": []}  # type: ignore[attr-defined]  # noqa: SLF001


def _attachment(message: Message, media: Media) -> Attachment:
    return Attachment(
        message=message,
        tenant_id=message.tenant_id,
        media_id=media.media_id,
        mime_type=media.mime_type[:120],
        filename=media.filename[:240],
        sha256=media.sha256,
        state=AttachmentState.PENDING if media.media_id else AttachmentState.FAILED,
        error=media.error[:240],
        next_attempt_at=message.received_at if media.media_id else None,
    )


def _bring_up_to_date(received: Sequence[_Received], conversations: _Open) -> None:
    """Let the conversations show their newest message, and say what happened."""
    touched: dict[UUID, Conversation] = {row.pk: row for row in conversations.renamed}
    for each in received:
        touched.setdefault(each.message.conversation_id, each.message.conversation)
        _take_note(each.message.conversation, each)
    store_activity(touched.values())
    for conversation in touched.values():
        _announce(conversation, begun=conversation.pk in conversations.begun)
    for each in received:
        emit(MessageNew(conversation_id=str(each.message.conversation_id), message=message_object(each.message)))


def _announce(conversation: Conversation, *, begun: bool) -> None:
    if not begun:
        announce_activity(conversation, "title", "contact")
        return
    conversation._prefetched_objects_cache = {"labels": []}  # type: ignore[attr-defined]  # noqa: SLF001  a row of this instant has none
    emit(ConversationNew(conversation_id=str(conversation.pk), conversation=conversation_object(conversation)))


def _take_note(conversation: Conversation, received: _Received) -> None:
    message, arrival = received.message, received.arrival
    newest = conversation.last_message_at is None or arrival.counted_at >= conversation.last_message_at
    if newest:
        conversation.last_message_id = message.pk
        conversation.last_message_at = arrival.counted_at
        conversation.last_message_preview = preview(message)
        conversation.last_message_type = message.type
        conversation.last_message_direction = message.direction
        conversation.last_message_status = message.status
    if message.direction == Direction.INBOUND:
        _count_inbound(conversation, arrival)
    elif newest:  # somebody answered on the business's own phone
        conversation.unread_count, conversation.waiting_since = 0, None
    if not conversation.address or message.direction == Direction.INBOUND:
        conversation.address, conversation.address_kind = arrival.person.address.value, arrival.person.address.kind


def _count_inbound(conversation: Conversation, arrival: Arrival) -> None:
    expires_at = arrival.counted_at + WINDOW
    conversation.window_expires_at = max(conversation.window_expires_at or expires_at, expires_at)
    conversation.unread_count += 1
    conversation.waiting_since = min(conversation.waiting_since or arrival.counted_at, arrival.counted_at)
