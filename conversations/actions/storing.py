"""Writing the messages and files of a batch, a statement each, and linking replies whichever came first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Model

from conversations.actions.arrivals import Arrival, Media, Person
from conversations.actions.changes import recordset
from conversations.actions.opening import Pair
from conversations.models import Attachment, AttachmentState, Contact, Conversation, Message
from conversations.statuses import Direction
from tenancy.postgresql.prepared import Prepared
from tenancy.scope import current_tenant_id

_COLUMNS = {
    "id": "uuid",
    "conversation_id": "uuid",
    "number_id": "uuid",
    "contact_id": "uuid",
    "wamid": "text",
    "direction": "text",
    "type": "text",
    "content": "text",
    "metadata": "jsonb",
    "status": "text",
    "error_code": "text",
    "error_detail": "text",
    "reply_to_id": "uuid",
    "reply_to_wamid": "text",
    "said_at": "timestamptz",
    "received_at": "timestamptz",
    "attempts": "integer",
    "version": "integer",
}
_INSERT_MESSAGES = Prepared(
    "INSERT INTO conversations_message (tenant_id, {names})"  # noqa: S608  made of the names above
    " SELECT %s, new.* FROM json_to_recordset(%s) AS new ({columns})"
    " ON CONFLICT (tenant_id, wamid, number_id) DO NOTHING"
    " RETURNING id, ARRAY(SELECT reply.id FROM conversations_message AS reply"
    " WHERE reply.tenant_id = conversations_message.tenant_id AND reply.reply_to_id IS NULL"
    " AND reply.reply_to_wamid <> '' AND reply.reply_to_wamid = conversations_message.wamid)".format(
        names=", ".join(_COLUMNS),
        columns=", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items()),
    )
)
_HELD = Prepared("SELECT number_id, wamid FROM conversations_message WHERE tenant_id = %s AND wamid = ANY(%s::text[])")

Key = tuple[UUID | None, str | None]  # number, wamid


@dataclass(frozen=True, slots=True)
class Received:
    """A row that was really new, what it came from, and the ids of replies to it that came before it."""

    message: Message
    arrival: Arrival
    replies: Sequence[UUID] = ()


def held(wamids: Sequence[str]) -> set[Key]:
    """Which messages are stored already."""
    return {(number_id, wamid) for number_id, wamid in _HELD.rows(current_tenant_id(), wamids)}


def insert_messages(
    arrivals: Sequence[Arrival], contacts: Mapping[Person, Contact], conversations: Mapping[Pair, Conversation]
) -> list[Received]:
    """Insert what is new. The unique key (number, wamid) decides, also against rivals."""
    quoted = _quoted(arrivals)
    rows = [
        _row(arrival, contact, conversations[arrival.number_id, contact.pk], quoted)
        for arrival, contact in ((arrival, contacts[arrival.person]) for arrival in arrivals)
    ]
    inserted = _INSERT_MESSAGES.rows(current_tenant_id(), recordset([row.message for row in rows], _COLUMNS))
    replies: dict[UUID, list[UUID]] = dict(inserted)
    return [replace(row, replies=replies[row.message.pk]) for row in rows if row.message.pk in replies]


def _row(arrival: Arrival, contact: Contact, conversation: Conversation, quoted: Mapping[Key, Message]) -> Received:
    message = Message(
        conversation=conversation,
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
    return Received(message, arrival)


def _quoted(arrivals: Iterable[Arrival]) -> dict[Key, Message]:
    wamids = {arrival.reply_to_wamid for arrival in arrivals} - {""}
    rows = Message.objects.filter(wamid__in=wamids) if wamids else ()
    return {(row.number_id, row.wamid): row for row in rows}


def link_replies(received: Sequence[Received]) -> list[Message]:
    """Let replies point at what they answer where that came after them; returns those that were stored before."""
    new = {(each.message.number_id, each.message.wamid): each.message for each in received}
    waiting = [reply for each in received for reply in each.replies]
    stored = [row for row in _locked(waiting) if (row.number_id, row.reply_to_wamid) in new]
    for row in stored:
        row.version += 1
    fresh = [each.message for each in received if each.message.reply_to is None]
    replies = [*stored, *(row for row in fresh if (row.number_id, row.reply_to_wamid) in new)]
    for row in replies:
        row.reply_to = new[row.number_id, row.reply_to_wamid]
    if replies:
        Message.objects.bulk_update(replies, ["reply_to", "version"])
    return stored


def _locked(ids: Collection[UUID]) -> Iterable[Message]:
    return Message.objects.filter(pk__in=ids).order_by("id").select_for_update(no_key=True) if ids else ()


def attach_files(received: Sequence[Received]) -> None:
    """Insert the files of new messages: known by their media id, to be fetched by a worker."""
    files = [_attachment(each.message, each.arrival.media) for each in received if each.arrival.media]
    if files:
        Attachment.objects.bulk_create(files)
    by_message = {attachment.message_id: attachment for attachment in files}
    for each in received:
        found = by_message.get(each.message.pk)
        know(each.message, attachments=[found] if found else [], reactions=[])


def _attachment(message: Message, media: Media) -> Attachment:
    return Attachment(
        message=message,
        tenant_id=message.tenant_id,
        media_id=media.media_id,
        mime_type=media.mime_type[:120],
        filename=media.filename[:240],
        sha256=media.sha256[:64],
        state=AttachmentState.PENDING if media.media_id else AttachmentState.FAILED,
        error=media.error[:240],
        next_attempt_at=message.received_at if media.media_id else None,
    )


def know(row: Model, **related: Sequence[Model]) -> None:
    """Tell a row of this instant what points at it, so that nothing is fetched when it is serialized."""
    row._prefetched_objects_cache = related  # type: ignore[attr-defined]  # noqa: SLF001  prefetch_related() would ask
