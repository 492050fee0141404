"""Agents organise: reading, assigning, resolving, and whatever else changes a conversation but not its messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from conversations import queries
from conversations.actions.changes import announce, lock
from conversations.actions.notifying import notify_assignee
from conversations.errors import Conflict
from conversations.models import Conversation, Label, Labelling, Message
from conversations.serializers import conversation_object
from events.emit import action

# field of the row -> its name in the JSON
CHANGEABLE: Mapping[str, str] = {
    "status": "status",
    "assignee": "assignee",
    "team": "team",
    "priority": "priority",
    "snoozed_until": "snoozedUntil",
    "column": "columnId",
    "rank": "columnId",
}


@action
def mark_read(
    conversation: Conversation,
    *,
    by: User,  # noqa: ARG001  whoever changes something says so
    up_to: Message | None = None,
) -> Conversation:
    """The agents have read what came, all of it or up to a message; does nothing the second time."""
    row = lock([conversation.pk])[conversation.pk]
    unread = min(row.unread_count, queries.count_received_after(up_to)) if up_to else 0
    if unread < row.unread_count:
        row.unread_count, row.version = unread, row.version + 1
        row.save(update_fields=["unread_count", "version"])
        announce(row, "unreadCount")
    return queries.conversations().get(pk=row.pk)


@action
def update_conversation(
    conversation: Conversation,
    *,
    by: User,
    version: int | None = None,
    labels: Sequence[Label] | None = None,
    **changes: Any,
) -> Conversation:
    """Change some of CHANGEABLE, and which labels it has. With `version`, raises Conflict if it has moved on since."""
    row = lock([conversation.pk])[conversation.pk]
    if version is not None and version != row.version:
        raise Conflict(current=conversation_object(queries.conversations().get(pk=row.pk)))
    differing = {name: value for name, value in changes.items() if getattr(row, name) != value}
    is_relabelled = labels is not None and _relabel(row, labels)
    if differing or is_relabelled:
        _store(row, differing)
        announce(row, *dict.fromkeys(CHANGEABLE[name] for name in differing), *(["labels"] if is_relabelled else []))
    if "assignee" in differing:
        notify_assignee(row, by=by)
    return queries.conversations().get(pk=row.pk)


def _relabel(row: Conversation, labels: Sequence[Label]) -> bool:
    """Have it carry exactly these; whether that was news."""
    wanted, worn = {label.pk for label in labels}, set(row.labels.values_list("pk", flat=True))
    Labelling.objects.filter(conversation=row, label_id__in=worn - wanted).delete()
    Labelling.objects.bulk_create(Labelling(conversation=row, label_id=pk) for pk in wanted - worn)
    return wanted != worn


def _store(row: Conversation, differing: Mapping[str, Any]) -> None:
    for name, value in differing.items():
        setattr(row, name, value)
    row.version += 1
    try:
        with transaction.atomic():
            row.save(update_fields=[*differing, "version"])
    except IntegrityError as error:
        if "conversations_one_open" not in str(error):
            raise
        raise Conflict(_("This customer already has another open conversation.")) from error
