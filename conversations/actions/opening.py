"""The open conversations that a batch of arrivals belongs to: found, or begun, and locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from conversations import placement
from conversations.actions.arrivals import Arrival
from conversations.actions.people import Resolved
from conversations.models import Contact, Conversation
from conversations.statuses import ConversationStatus
from tenancy.postgresql.prepared import Prepared, columns, loaded
from tenancy.scope import current_tenant_id

Pair = tuple[UUID, UUID]  # number, contact

_LOCK = Prepared(
    f"SELECT {columns(Conversation, 'card')} FROM conversations_conversation AS card"  # noqa: S608  columns of ours
    " WHERE tenant_id = %s AND kind = 'CUSTOMER' AND contact_id = ANY(%s::uuid[])"
    " AND (status <> 'RESOLVED' OR contact_id = ANY(%s::uuid[]))"
    " ORDER BY id FOR NO KEY UPDATE"
)


@dataclass(slots=True)
class OpenConversations:
    """Locked until commit: by (number, contact), which of them begin here, and other ones of renamed contacts.

    `missing` are those that nobody has begun.
    """

    by_pair: dict[Pair, Conversation] = field(default_factory=dict)
    missing: set[Pair] = field(default_factory=set)
    begun: set[UUID] = field(default_factory=set)
    renamed: list[Conversation] = field(default_factory=list)


def find_open(arrivals: Sequence[Arrival], resolved: Resolved) -> OpenConversations:
    """Find and lock the open conversation of each (number, contact)."""
    contacts: dict[UUID | None, Contact] = {contact.pk: contact for contact in resolved.contacts.values()}
    pairs = {(arrival.number_id, resolved.contacts[arrival.person].pk) for arrival in arrivals}
    return _lock(pairs, contacts, resolved.renamed)


def begin_missing(arrivals: Sequence[Arrival], resolved: Resolved) -> OpenConversations:
    """Find and lock them, and begin those that are missing."""
    begun: set[UUID] = set()
    found = find_open(arrivals, resolved)
    while found.missing:  # again if a rival's was resolved before we could lock it
        begun |= _begin(found.missing)
        found = find_open(arrivals, resolved)
    found.begun = begun & {row.pk for row in found.by_pair.values()}
    return found


def _begin(pairs: set[Pair]) -> set[UUID]:
    """Insert a conversation for each pair, unless a rival just has; returns the ids that would be ours."""
    column_id, rank = placement.newcomers_column_id(), placement.top_rank()
    rows = [
        Conversation(number_id=number_id, contact_id=contact_id, column_id=column_id, rank=rank, version=0)
        for number_id, contact_id in sorted(pairs)
    ]
    Conversation.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.pk for row in rows}


def _lock(pairs: set[Pair], contacts: Mapping[UUID | None, Contact], renamed: set[UUID]) -> OpenConversations:
    found = OpenConversations()
    for values in _LOCK.rows(current_tenant_id(), list(contacts), list(renamed)):
        row = loaded(Conversation, values)
        row.contact = contacts[row.contact_id]
        pair = (row.number_id, row.contact_id)
        if pair in pairs and row.status != ConversationStatus.RESOLVED:
            found.by_pair[pair] = row
        elif row.contact_id in renamed:
            found.renamed.append(row)
    found.missing = pairs - found.by_pair.keys()
    return found
