"""Chats among colleagues begin, and people come and go: direct conversations and groups.

Every event carries the whole conversation as it stands then, so that whoever hears it replaces what they had.
"""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from conversations import queries
from conversations.actions.changes import lock, show_newest, store_activity, tell
from conversations.actions.membership import lock_group, members, seat, seat_of, unseat
from conversations.actions.receipts import settle_places
from conversations.errors import BadRequest, Conflict, Forbidden, NotFound
from conversations.models import Conversation, Message, Participant
from conversations.notices import notice, worded
from conversations.rights import Right, demand, outranks
from conversations.serializers import conversation_object, message_object, named
from conversations.statuses import ConversationKind, Direction, GroupRole, MessageStatus, MessageType
from events.audience import person
from events.catalogue import ConversationNew, GroupCreated, GroupJoined, GroupLeft, GroupUpdated, MessageNew
from events.emit import action, emit
from events.objects import ConversationObject
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id

TITLE_LIMIT = 120  # characters
NAMED = 20  # people whom a notice names


@action
def open_direct(*, by: User, colleague: User) -> Conversation:
    """The conversation of two, begun if they have none. Raises BadRequest for oneself."""
    if by.pk == colleague.pk:
        raise BadRequest(fields={"userId": _("That is you.")})
    pair = ":".join(sorted((str(by.pk), str(colleague.pk))))
    Conversation.objects.bulk_create([Conversation(kind=ConversationKind.DIRECT, pair=pair)], ignore_conflicts=True)
    found = Conversation.objects.only("pk").get(pair=pair)
    row = lock([found.pk])[found.pk]
    if not row.member_count:  # a rival's has its members: both were seated under the lock
        _begin_direct(row, [by, colleague])
    return _for(by, row)


def _begin_direct(row: Conversation, people: Sequence[User]) -> None:
    seat(row, people)
    row.last_message_at = row.created_at  # so that lists show it
    row.save(update_fields=["member_count", "last_message_at"])
    user_ids = [str(user.pk) for user in people]
    tell(row, ConversationNew(conversation_id=str(row.pk), conversation=_stands(row), user_ids=user_ids))


@action
def create_group(*, by: User, title: str, people: Sequence[User] = (), is_open: bool = False) -> Conversation:
    """Begin a group with its founder as administrator. Raises BadRequest for a bad title."""
    row = Conversation.objects.create(kind=ConversationKind.GROUP, title=_clean(title), is_open=is_open)
    row = lock([row.pk])[row.pk]
    everybody = [*seat(row, [by], role=GroupRole.ADMIN), *seat(row, people)]
    written = _note(row, by, "created")
    user_ids = [str(user.pk) for user in everybody]
    event = GroupCreated(conversation_id=str(row.pk), conversation=_stands(row), user_ids=user_ids, by=named(by))
    tell(row, event)
    tell(row, written)
    return _for(by, row)


@action
def update_group(
    conversation: Conversation, *, by: User, title: str | None = None, is_open: bool | None = None
) -> Conversation:
    """Rename a group, open or close it. Raises NotFound, Forbidden, BadRequest."""
    row = lock_group(conversation)
    demand(seat_of(row, by.pk), Right.RENAME)
    cleaned = row.title if title is None else _clean(title)
    wanted = cleaned, row.is_open if is_open is None else is_open
    if wanted == (row.title, row.is_open):
        return _for(by, row)
    is_renamed = cleaned != row.title
    row.title, row.is_open = wanted
    row.save(update_fields=["title", "is_open"])
    notices = [_note(row, by, "renamed", title=cleaned)] if is_renamed else []
    _tell_updated(row, by)
    for each in notices:
        tell(row, each)
    return _for(by, row)


def _tell_updated(row: Conversation, by: User) -> None:
    _touch(row)
    tell(row, GroupUpdated(conversation_id=str(row.pk), conversation=_stands(row), by=named(by)))


@action
def join_group(conversation: Conversation, *, by: User) -> Conversation:
    """Come into an open group; does nothing for who is in it. A closed one is NotFound, as one that is not there."""
    row = lock_group(conversation)
    if not members(row).filter(user=by).exists():
        if not row.is_open:
            raise NotFound
        _let_in(row, [by], by, "joined")
    return _for(by, row)


@action
def invite(conversation: Conversation, *, by: User, people: Sequence[User]) -> Conversation:
    """Bring people into a group; does nothing for those who are in it. Raises NotFound, Forbidden."""
    row = lock_group(conversation)
    demand(seat_of(row, by.pk), Right.INVITE)
    _let_in(row, people, by, "invited")
    return _for(by, row)


def _let_in(row: Conversation, people: Sequence[User], by: User, activity: str) -> None:
    newcomers = seat(row, people)
    if not newcomers:
        return
    written = _note(row, by, activity, people=[str(user) for user in newcomers][:NAMED])
    user_ids = [str(user.pk) for user in newcomers]
    event = GroupJoined(conversation_id=str(row.pk), conversation=_stands(row), user_ids=user_ids, by=named(by))
    tell(row, event)
    tell(row, written)


@action
def leave_group(conversation: Conversation, *, by: User) -> None:
    """Leave a group. Its last administrator hands over to whoever ranks next. Raises NotFound."""
    row = lock_group(conversation)
    _let_out(row, seat_of(row, by.pk), by, "left")


@action
def remove_member(conversation: Conversation, *, by: User, user_id: UUID) -> Conversation:
    """Put somebody out of a group. Raises NotFound, Forbidden, and BadRequest for oneself."""
    row = lock_group(conversation)
    remover, removed = seat_of(row, by.pk), seat_of(row, user_id)
    if user_id == by.pk:
        raise BadRequest(fields={"userId": _("Leave the group instead.")})
    demand(remover, Right.REMOVE)
    if not outranks(remover, removed):
        raise Forbidden
    _let_out(row, removed, by, "removed")
    return _for(by, row)


def _let_out(row: Conversation, leaver: Participant, by: User, activity: str) -> None:
    unseat(row, leaver)
    settle_places(row)
    written = _note(row, by, activity, people=[str(leaver.user)])
    user_ids = [str(leaver.user_id)]
    event = GroupLeft(conversation_id=str(row.pk), conversation=_stands(row), user_ids=user_ids, by=named(by))
    emit(event, [*row.audience, person(leaver.user_id)])  # also when they have been away, and are in the room no more
    tell(row, written)


@action
def change_role(conversation: Conversation, *, by: User, user_id: UUID, role: GroupRole) -> Conversation:
    """Promote or demote somebody. Raises NotFound, Forbidden, and Conflict for the last administrator."""
    row = lock_group(conversation)
    own, other = seat_of(row, by.pk), seat_of(row, user_id)
    demand(own, Right.PROMOTE)
    if other.role == role:
        return _for(by, row)
    if other.role == GroupRole.ADMIN and members(row).filter(role=GroupRole.ADMIN).count() == 1:
        raise Conflict(_("A group needs an administrator: name another one first."))
    other.role = role
    other.save(update_fields=["role"])
    _tell_updated(row, by)
    return _for(by, row)


def _clean(title: str) -> str:
    cleaned = " ".join(title.replace("\0", "").split())
    if not 0 < len(cleaned) <= TITLE_LIMIT:
        raise BadRequest(fields={"title": _("1 to %(limit)s characters.") % {"limit": TITLE_LIMIT}})
    return cleaned


def _note(row: Conversation, by: User, activity: str, **facts: object) -> MessageNew:
    """Store a notice, let the chat show it; returns what is to be said of it."""
    now, metadata = timezone.now(), notice(activity, str(by), **facts)
    with translation.override(Tenant.objects.get(pk=current_tenant_id()).language):
        content = worded(metadata)
    message = Message.objects.create(
        conversation=row,
        direction=Direction.INTERNAL,
        type=MessageType.ACTIVITY,
        content=content,
        metadata=metadata,
        status=MessageStatus.SENT,
        said_at=now,
        received_at=now,
    )
    show_newest(row, message, at=now)
    _touch(row)
    return MessageNew(conversation_id=str(row.pk), message=message_object(queries.messages().get(pk=message.pk)))


def _touch(row: Conversation) -> None:
    """Write a locked chat one version further."""
    row.save(update_fields=["member_count"])
    store_activity([row])


def _stands(row: Conversation) -> ConversationObject:
    """The chat as its event carries it: complete, and nobody's in particular."""
    return conversation_object(queries.completed(queries.conversations().get(pk=row.pk)))


def _for(viewer: User, row: Conversation) -> Conversation:
    return queries.completed(queries.conversations().get(pk=row.pk), viewer=viewer)
