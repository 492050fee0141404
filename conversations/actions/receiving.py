"""Storing a batch of arrivals of one tenant: a fixed number of statements, one transaction, one set of events.

Lock order, everywhere in this project: conversations by id, then messages by id, then the tenant's event counter.
"""

from collections.abc import Sequence
from uuid import UUID

from conversations.actions import people
from conversations.actions.arrivals import WINDOW, Arrival
from conversations.actions.changes import announce_activity, announce_updated, show_newest, store_activity, tell
from conversations.actions.notifying import notify_of_arrivals
from conversations.actions.opening import OpenConversations, begin_missing, find_open
from conversations.actions.storing import Received, attach_files, held, insert_messages, know, link_replies
from conversations.models import Conversation, Message
from conversations.serializers import conversation_object, message_object
from conversations.statuses import Direction
from events.catalogue import ConversationNew, MessageNew
from events.emit import action


@action
def receive(arrivals: Sequence[Arrival]) -> list[Message]:
    """Store what is new of a batch for the current tenant and tell everybody; returns the new messages.

    The same (number, wamid) twice, in the batch or in the table, is one message.
    """
    if not arrivals:
        return []
    fresh = _in_order(arrivals)
    directory = people.Directory([arrival.person for arrival in fresh])
    if not directory.is_complete:
        fresh = _new(fresh)
        directory = people.Directory([arrival.person for arrival in fresh])
    resolved = people.resolve(directory)
    conversations = find_open(fresh, resolved)
    if conversations.missing:
        fresh = _new(fresh)
        conversations = begin_missing(fresh, resolved)
    received = insert_messages(fresh, resolved.contacts, conversations.by_pair)
    linked = link_replies(received)
    attach_files(received)
    _bring_up_to_date(received, conversations)
    announce_updated(linked)
    return [each.message for each in received]


def _in_order(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Each once, in the order said."""
    unique: dict[tuple[UUID, str], Arrival] = {}
    for arrival in arrivals:
        unique.setdefault((arrival.number_id, arrival.wamid), arrival)
    return sorted(unique.values(), key=lambda arrival: arrival.said_at)


def _new(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Without those that are stored: they must begin no conversation, and teach nothing about anybody.

    Asked only where one might. Elsewhere the unique key keeps Meta's retries out.
    """
    known = held([arrival.wamid for arrival in arrivals]) if arrivals else set()
    return [arrival for arrival in arrivals if (arrival.number_id, arrival.wamid) not in known]


def _bring_up_to_date(received: Sequence[Received], conversations: OpenConversations) -> None:
    """Let the conversations show their newest message, and say what happened."""
    touched: dict[UUID, Conversation] = {row.pk: row for row in conversations.renamed}
    for each in received:
        touched.setdefault(each.message.conversation_id, each.message.conversation)
        _take_note(each.message.conversation, each)
    store_activity(touched.values())
    for conversation in touched.values():
        _announce(conversation, begun=conversation.pk in conversations.begun)
    for each in received:
        conversation_id = str(each.message.conversation_id)
        tell(
            each.message.conversation, MessageNew(conversation_id=conversation_id, message=message_object(each.message))
        )
    notify_of_arrivals(each.message for each in received)


def _announce(conversation: Conversation, *, begun: bool) -> None:
    if not begun:
        announce_activity(conversation, "title", "contact")
        return
    know(conversation, labels=[])
    begun_now = conversation_object(conversation)
    tell(conversation, ConversationNew(conversation_id=str(conversation.pk), conversation=begun_now))


def _take_note(conversation: Conversation, received: Received) -> None:
    message, arrival = received.message, received.arrival
    newest = conversation.last_message_at is None or arrival.counted_at >= conversation.last_message_at
    if newest:
        show_newest(conversation, message, at=arrival.counted_at)
    if message.direction == Direction.INBOUND:
        _count_inbound(conversation, arrival)
    elif newest:  # somebody answered on the business's own phone
        conversation.unread_count, conversation.waiting_since = 0, None
    if not conversation.address:
        _reply_to(conversation, arrival)


def _count_inbound(conversation: Conversation, arrival: Arrival) -> None:
    expires_at = arrival.counted_at + WINDOW
    if expires_at >= (conversation.window_expires_at or expires_at):  # a late one says nothing about where they are now
        conversation.window_expires_at = expires_at
        _reply_to(conversation, arrival)
    conversation.unread_count += 1
    conversation.waiting_since = min(conversation.waiting_since or arrival.counted_at, arrival.counted_at)


def _reply_to(conversation: Conversation, arrival: Arrival) -> None:
    address = arrival.person.address
    conversation.address, conversation.address_kind = address.value, address.kind
