"""Reads worth naming. Find by walking from whoever asks: what a person may not see is not found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import colleagues
from conversations.errors import BadRequest, NotFound
from conversations.models import Attachment, Contact, Conversation, Message, Participant, Reaction, Upload
from conversations.statuses import ConversationKind, ConversationStatus, Direction, MessageType, ReceiptKind

PAGE = 50
MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages, newest first; `more` says whether older ones remain."""

    items: list[Message]
    more: bool


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Contacts, newest first, and the cursor of the next page (None on the last)."""

    items: list[Contact]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Members of a group, the longest first, and the cursor of the next page (None on the last)."""

    items: list[Participant]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A group, and whether whoever asks is in it."""

    group: Conversation
    is_member: bool


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """When somebody got and read a message; None: not yet."""

    user: User
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Conversations, most recent first, and the cursor of the next page (None on the last)."""

    items: list[Conversation]
    cursor: str | None


def messages() -> QuerySet[Message]:
    """Messages with everything their JSON and their bubble show, in a constant number of statements."""
    return Message.objects.select_related("contact", "sender", "reply_to", "conversation").prefetch_related(
        "attachments",
        Prefetch("reactions", _shown_reactions()),
    )


def _shown_reactions() -> QuerySet[Reaction]:
    shown = Reaction.objects.exclude(Q(wanted=None) | Q(wanted=""), emoji="")
    return shown.select_related("contact", "user", "wanted_by").order_by("id")


def conversations() -> QuerySet[Conversation]:
    """Conversations with everything their JSON and their card show, in a constant number of statements."""
    rows = Conversation.objects.select_related("contact", "number", "assignee", "team").prefetch_related("labels")
    # loading a secret decrypts it, row by row
    return rows.defer("number__access_token", "number__app_secret", "number__verify_token")


def customer_conversations(_user: User) -> QuerySet[Conversation]:
    """The conversations with customers that `user` may see: today, all of the tenant. Lists and boards show these."""
    return conversations().filter(kind=ConversationKind.CUSTOMER)


def chats(user: User) -> QuerySet[Conversation]:
    """The direct and group conversations that `user` takes part in. Nobody else sees them, whatever their role."""
    return conversations().exclude(kind=ConversationKind.CUSTOMER).filter(_takes_part(user))


def chat_ids(user: User) -> QuerySet[Participant, UUID]:
    """The ids of those."""
    return Participant.objects.filter(user=user, left_at=None).values_list("conversation_id", flat=True)


def visible_conversations(user: User) -> QuerySet[Conversation]:
    """What `user` may open: both of these."""
    return conversations().filter(Q(kind=ConversationKind.CUSTOMER) | _takes_part(user))


def _takes_part(user: User) -> Exists:
    return Exists(Participant.objects.filter(conversation=OuterRef("pk"), user=user, left_at=None))


def conversation_for(user: User, conversation_id: UUID) -> Conversation:
    """One conversation that `user` may open, complete for them, or NotFound."""
    return completed(_one(visible_conversations(user), conversation_id), viewer=user)


def customer_conversation_for(user: User, conversation_id: UUID) -> Conversation:
    """One conversation with a customer, or NotFound: what can be assigned, moved, resolved."""
    return _one(customer_conversations(user), conversation_id)


def chat_for(user: User, conversation_id: UUID) -> Conversation:
    """One chat that `user` takes part in, complete for them, or NotFound."""
    return completed(_one(chats(user), conversation_id), viewer=user)


def group_for(user: User, conversation_id: UUID) -> Conversation:
    """One group that `user` is in, or NotFound."""
    return _one(chats(user).filter(kind=ConversationKind.GROUP), conversation_id)


def _one(rows: QuerySet[Conversation], conversation_id: UUID) -> Conversation:
    found = rows.filter(pk=conversation_id).first()
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return found


def messages_for(user: User, message_ids: Collection[UUID]) -> list[Message]:
    """These messages, all of conversations that `user` may open, oldest first, or NotFound."""
    rows = list(visible_messages(user).filter(pk__in=message_ids).order_by("said_at", "id"))
    if len(rows) != len(set(message_ids)):
        raise NotFound(_("There is no such message."))
    return rows


def newest_of(conversation: Conversation, message_ids: Collection[UUID]) -> Message:
    """The newest of these messages of a conversation. Raises NotFound if one is not there."""
    rows = list(Message.objects.filter(conversation=conversation, pk__in=message_ids).order_by("said_at", "id"))
    if len(rows) != len(set(message_ids)):
        raise NotFound(_("There is no such message."))
    return rows[-1]


def place_of(message: Message) -> int:
    """The place of a message in its chat; of a notice, that of the message before it."""
    if message.place:
        return message.place
    before = Message.objects.filter(conversation=message.conversation_id, place__gt=0, said_at__lte=message.said_at)
    return before.aggregate(newest=Max("place"))["newest"] or 0


def count_received_after(message: Message) -> int:
    """How many messages the customer wrote after this one."""
    received = Message.objects.filter(conversation=message.conversation_id, direction=Direction.INBOUND)
    return received.filter(Q(said_at__gt=message.said_at) | Q(said_at=message.said_at, pk__gt=message.pk)).count()


def recent_colleagues(user: User) -> list[User]:
    """Those whom `user` talked to directly, the latest first."""
    recent = chats(user).filter(kind=ConversationKind.DIRECT, message_count__gt=0).order_by("-last_message_at")
    conversation_ids = list(recent.values_list("pk", flat=True)[:PAGE])
    seats = Participant.objects.filter(conversation__in=conversation_ids).exclude(user=user)
    people = {seat.conversation_id: seat.user for seat in seats.filter(user__in=colleagues()).select_related("user")}
    return [people[pk] for pk in conversation_ids if pk in people]


def groups(user: User) -> list[GroupEntry]:
    """The groups that `user` is in or may join, by title."""
    found = _groups(user).annotate(is_member=_takes_part(user)).order_by("title", "id")
    return [GroupEntry(row, is_member=row.is_member) for row in found]


def joinable_group(user: User, conversation_id: UUID) -> Conversation:
    """A group that `user` is in or may join, or NotFound."""
    return _one(_groups(user), conversation_id)


def _groups(user: User) -> QuerySet[Conversation]:
    return Conversation.objects.filter(_takes_part(user) | Q(is_open=True), kind=ConversationKind.GROUP)


def chats_named(user: User, words: str) -> list[Conversation]:
    """The first chats of `user` whose title, or whose other one's name, contains the words; the latest first."""
    others = Participant.objects.filter(conversation=OuterRef("pk"), user__name__icontains=words).exclude(user=user)
    direct = Q(Exists(others), kind=ConversationKind.DIRECT)
    found = chats(user).filter(Q(title__icontains=words, kind=ConversationKind.GROUP) | direct)
    rows = list(found.order_by("-last_message_at", "-id")[:PAGE])
    complete(rows, viewer=user)
    return rows


def unread_seats(user: User) -> QuerySet[Participant]:
    """The places of `user` in chats with something unread."""
    return Participant.objects.filter(
        user=user, left_at=None, read_place__lt=F("conversation__message_count")
    ).select_related("conversation")


def undelivered(user: User) -> list[UUID]:
    """The newest messages of those chats whose news no screen of `user` has got; large groups keep no count of it."""
    behind = Participant.objects.filter(
        user=user,
        left_at=None,
        delivered_place__lt=F("conversation__message_count"),
        conversation__member_count__lte=LISTED,
    )
    newest = Message.objects.filter(place=F("conversation__message_count"))
    return list(newest.filter(conversation__in=behind.values("conversation")).values_list("pk", flat=True)[:MAX_PAGE])


def member_page(conversation: Conversation, *, cursor: UUID | None, limit: int) -> MemberPage:
    """A page of those who are in a group, the longest first. Raises NotFound for a cursor from elsewhere."""
    seats = Participant.objects.filter(conversation=conversation)
    found = seats.filter(left_at=None).select_related("user").order_by("joined_at", "id")
    if cursor:
        last = seats.filter(pk=cursor).first()
        if last is None:
            raise NotFound
        found = found.filter(Q(joined_at__gt=last.joined_at) | Q(joined_at=last.joined_at, pk__gt=last.pk))
    rows = list(found[: limit + 1])
    return MemberPage(rows[:limit], str(rows[limit - 1].pk) if len(rows) > limit else None)


def receipts(message: Message) -> list[ReceiptEntry]:
    """Those for whom a message of a chat was meant, by name; nobody for what is no message of a chat."""
    if message.place is None:
        return []
    meant = Participant.objects.filter(conversation=message.conversation_id, since_place__lt=message.place)
    meant = meant.filter(Q(left_at=None) | Q(delivered_place__gte=message.place)).exclude(user=message.sender_id)
    reached = Q(receipts__place__gte=message.place)
    read = reached & Q(receipts__kind=ReceiptKind.READ)
    times = meant.annotate(got=Min("receipts__at", filter=reached), seen=Min("receipts__at", filter=read))
    rows = times.select_related("user").order_by("user__name", "id")
    return [ReceiptEntry(row.user, delivered_at=row.got, read_at=row.seen) for row in rows]


def found_messages(
    user: User, words: str, *, conversation_id: UUID | None = None, before: UUID | None = None, limit: int = PAGE
) -> MessagePage:
    """A page of the messages with these words, newest first: in one conversation, or in all chats of `user`."""
    places = visible_conversations(user).filter(pk=conversation_id) if conversation_id else chats(user)
    if conversation_id and not places.exists():
        raise NotFound(_("There is no such conversation."))
    found = messages().filter(conversation__in=places, content__icontains=words, deleted_at=None)
    found = found.exclude(type=MessageType.ACTIVITY)
    if before:
        pivot = message_for(user, before)
        found = found.filter(Q(said_at__lt=pivot.said_at) | Q(said_at=pivot.said_at, pk__lt=pivot.pk))
    rows = list(found.order_by("-said_at", "-id")[: limit + 1])
    return MessagePage(rows[:limit], len(rows) > limit)


LISTED = 100
"""Members up to which a group names them all, and tells them all who has got and read what."""


def complete(rows: Sequence[Conversation], *, viewer: User | None = None) -> None:
    """Load what the JSON of chats has besides: their members as `listed`, the viewer among them as `own`."""
    found = [row for row in rows if row.is_chat]
    if not found:
        return  # as on most pages: wording two queries for nobody takes a tenth of a list's time
    seats = Participant.objects.filter(left_at=None).select_related("user").order_by("joined_at", "id")
    few = seats.filter(conversation__member_count__lte=LISTED)
    prefetch_related_objects(found, Prefetch("participants", few, to_attr="listed"))
    if viewer:
        prefetch_related_objects(found, Prefetch("participants", seats.filter(user=viewer), to_attr="own"))


def completed(row: Conversation, *, viewer: User | None = None) -> Conversation:
    """The same row, after `complete`."""
    complete([row], viewer=viewer)
    return row


def visible_messages(user: User) -> QuerySet[Message]:
    """What was said where `user` may read."""
    return messages().filter(conversation__in=visible_conversations(user))


def message_for(user: User, message_id: UUID) -> Message:
    """One message of a conversation that `user` may see, or NotFound."""
    found = visible_messages(user).filter(pk=message_id).first()
    if found is None:
        raise NotFound(_("There is no such message."))
    return found


def attachment_for(user: User, attachment_id: UUID) -> Attachment:
    """A file of a message that `user` may see, or one that they brought and have not sent yet; or NotFound."""
    shown = Q(message__conversation__in=visible_conversations(user), message__deleted_at=None)
    found = Attachment.objects.filter(shown | Q(message=None, uploaded_by=user), pk=attachment_id).first()
    if found is None:
        raise NotFound(_("There is no such file."))
    return found


def upload_for(user: User, upload_id: UUID) -> Upload:
    """A file that `user` is bringing in parts, or NotFound: also when it has expired."""
    found = Upload.objects.filter(pk=upload_id, uploaded_by=user, expires_at__gt=timezone.now()).first()
    if found is None:
        raise NotFound(_("There is no such upload."))
    return found


def message_page(
    conversation: Conversation, *, before: UUID | None = None, after: UUID | None = None, limit: int = PAGE
) -> MessagePage:
    """A page of the thread: the newest, those before one message, or those that follow one. Keyset, no OFFSET."""
    limit = max(1, min(limit, MAX_PAGE))
    thread = messages().filter(conversation=conversation)
    if after is not None:
        pivot = _pivot(conversation, after)
        later = Q(said_at__gt=pivot.said_at) | Q(said_at=pivot.said_at, pk__gt=pivot.pk)
        found = list(thread.filter(later).order_by("said_at", "id")[: limit + 1])
        return MessagePage(found[:limit][::-1], len(found) > limit)
    if before is not None:
        pivot = _pivot(conversation, before)
        thread = thread.filter(Q(said_at__lt=pivot.said_at) | Q(said_at=pivot.said_at, pk__lt=pivot.pk))
    found = list(thread.order_by("-said_at", "-id")[: limit + 1])
    return MessagePage(found[:limit], len(found) > limit)


def _pivot(conversation: Conversation, message_id: UUID) -> Message:
    found = Message.objects.filter(conversation=conversation, pk=message_id).only("pk", "said_at").first()
    if found is None:
        raise NotFound(_("There is no such message."))
    return found


def conversation_page(
    user: User, *, view: str = "all", cursor: str | None = None, limit: int = PAGE, **filters: Any
) -> ConversationPage:
    """A page of one of the views `mine`, `unassigned`, `open`, `all` of conversations with customers, or of the
    `chats` that `user` takes part in; `filters` are lookups that narrow it.
    """
    limit = max(1, min(limit, MAX_PAGE))
    found = _view(user, view).filter(**filters)
    if cursor:
        found = found.filter(_older_than(cursor))
    rows = list(found.filter(last_message_at__isnull=False).order_by("-last_message_at", "-id")[: limit + 1])
    more = len(rows) > limit
    complete(rows, viewer=user)
    return ConversationPage(rows[:limit], _cursor(rows[limit - 1]) if more else None)


def contact_page(*, search: str = "", cursor: UUID | None = None, limit: int = PAGE) -> ContactPage:
    """A page of the contacts whose name contains `search`, or whose phone begins with it."""
    found = Contact.objects.order_by("-id")
    if search:
        digits = "".join(filter(str.isdecimal, search))
        named = Q(name__icontains=search)
        found = found.filter(named | Q(phone__startswith=digits) if digits else named)
    if cursor:
        found = found.filter(pk__lt=cursor)
    rows = list(found[: limit + 1])
    return ContactPage(rows[:limit], str(rows[limit - 1].pk) if len(rows) > limit else None)


def _view(user: User, view: str) -> QuerySet[Conversation]:
    found = customer_conversations(user)
    match view:
        case "chats":
            return chats(user)
        case "all":
            return found
        case "open":
            return found.exclude(status=ConversationStatus.RESOLVED)
        case "mine":
            return found.exclude(status=ConversationStatus.RESOLVED).filter(assignee=user)
        case "unassigned":
            return found.exclude(status=ConversationStatus.RESOLVED).filter(assignee=None)
        case _:
            raise BadRequest(fields={"view": _("One of: mine, unassigned, open, all, chats.")})


def _cursor(row: Conversation) -> str:
    if row.last_message_at is None:  # the page holds only rows that have one
        raise AssertionError
    return f"{round(row.last_message_at.timestamp() * 1_000_000)}_{row.pk}"


def _older_than(cursor: str) -> Q:
    try:
        microseconds, pk = cursor.split("_", 1)
        at, pivot = datetime.fromtimestamp(int(microseconds) / 1_000_000, UTC), UUID(pk)
    except (ValueError, OverflowError, OSError) as error:
        raise BadRequest(fields={"cursor": _("Take it from the page before, unchanged.")}) from error
    return Q(last_message_at__lt=at) | Q(last_message_at=at, pk__lt=pivot)
