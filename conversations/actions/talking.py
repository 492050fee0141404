"""Writing and reading, whoever is at the other end: a customer, or colleagues."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from conversations import queries
from conversations.actions.comparing import send_if_seen
from conversations.actions.composing import Composed
from conversations.actions.receipts import record_delivered, record_read
from conversations.actions.saying import say
from conversations.actions.updating import mark_read
from conversations.actions.writing import send_message
from conversations.errors import BadRequest, NotFound
from conversations.models import Conversation, Message
from events.emit import action
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id


def write_message(
    conversation: Conversation,
    *,
    by: User,
    client_id: str | None = None,
    mention_ids: tuple[UUID, ...] = (),
    undoable: bool = False,
    last_seen_seq: int | None = None,
    composed: Composed | None = None,
    **parts: Any,
) -> Message:
    """Say it to colleagues, or queue it to the customer: `undoable` after the tenant's time to think again, and only if
    nobody else has answered them after `last_seen_seq`. Colleagues may all speak at once.
    """
    if conversation.is_chat:
        if composed:
            raise BadRequest(fields={"type": _("Colleagues write texts and send files.")})
        return say(conversation, by=by, client_id=client_id, mention_ids=mention_ids, **parts)
    if mention_ids:
        raise NotFound(fields={"mentionIds": _("Only colleagues can be mentioned, in a chat.")})
    parts |= {"composed": composed, "delay": _time_to_undo() if undoable else timedelta(0)}
    if last_seen_seq is None:
        return send_message(conversation, by=by, client_id=client_id, **parts)
    return send_if_seen(conversation, by=by, last_seen_seq=last_seen_seq, client_id=client_id, **parts)


def _time_to_undo() -> timedelta:
    return timedelta(seconds=Tenant.objects.get(pk=current_tenant_id()).undo_send_seconds)


@action
def read_conversation(conversation: Conversation, *, by: User, up_to: Collection[UUID] = ()) -> Conversation:
    """It was read up to the newest of these messages, or all of it. Raises NotFound.

    What customers wrote is read for all agents, what colleagues wrote for oneself.
    """
    newest = queries.newest_of(conversation, up_to) if up_to else None
    if not conversation.is_chat:
        return mark_read(conversation, by=by, up_to=newest)
    return record_read(conversation, by=by, place=queries.place_of(newest) if newest else None)


@action
def record_arrival(message_ids: Collection[UUID], *, by: User) -> None:
    """Messages of chats have arrived on somebody's screen; messages of customers are no matter. Raises NotFound."""
    places: dict[UUID, tuple[Conversation, int]] = {}
    for message in queries.messages_for(by, message_ids):  # oldest first: the last one of each chat stays
        if message.place:
            places[message.conversation_id] = (message.conversation, message.place)
    for conversation_id in sorted(places):  # as locks are taken
        conversation, place = places[conversation_id]
        record_delivered(conversation, by=by, place=place)
