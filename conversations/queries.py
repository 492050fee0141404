"""Reads worth naming. Find by walking from whoever asks: what a person may not see is not found."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.errors import BadRequest, NotFound
from conversations.models import Attachment, Contact, Conversation, Message, Reaction, Upload
from conversations.statuses import ConversationStatus

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
class ConversationPage:
    """Conversations, most recent first, and the cursor of the next page (None on the last)."""

    items: list[Conversation]
    cursor: str | None


def messages() -> QuerySet[Message]:
    """Messages with everything their JSON and their bubble show, in a constant number of statements."""
    return Message.objects.select_related("contact", "sender", "reply_to").prefetch_related(
        "attachments",
        Prefetch("reactions", Reaction.objects.exclude(emoji="").select_related("contact", "user").order_by("id")),
    )


def conversations() -> QuerySet[Conversation]:
    """Conversations with everything their JSON and their card show, in a constant number of statements."""
    rows = Conversation.objects.select_related("contact", "number", "assignee", "team").prefetch_related("labels")
    # loading a secret decrypts it, row by row
    return rows.defer("number__access_token", "number__app_secret", "number__verify_token")


def visible_conversations(_user: User) -> QuerySet[Conversation]:
    """What `user` may see: today, every conversation of the tenant."""
    return conversations()


def conversation_for(user: User, conversation_id: UUID) -> Conversation:
    """One conversation that `user` may see, or NotFound."""
    found = visible_conversations(user).filter(pk=conversation_id).first()
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return found


def message_for(user: User, message_id: UUID) -> Message:
    """One message of a conversation that `user` may see, or NotFound."""
    found = messages().filter(pk=message_id, conversation__in=visible_conversations(user)).first()
    if found is None:
        raise NotFound(_("There is no such message."))
    return found


def attachment_for(user: User, attachment_id: UUID) -> Attachment:
    """A file of a message that `user` may see, or one that they brought and have not sent yet; or NotFound."""
    theirs = Q(message__conversation__in=visible_conversations(user)) | Q(message=None, uploaded_by=user)
    found = Attachment.objects.filter(theirs, pk=attachment_id).first()
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
    """A page of one of the views `mine`, `unassigned`, `open`, `all`; `filters` are lookups that narrow it."""
    limit = max(1, min(limit, MAX_PAGE))
    found = _view(user, view).filter(**filters)
    if cursor:
        found = found.filter(_older_than(cursor))
    rows = list(found.filter(last_message_at__isnull=False).order_by("-last_message_at", "-id")[: limit + 1])
    more = len(rows) > limit
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
    found = visible_conversations(user)
    match view:
        case "all":
            return found
        case "open":
            return found.exclude(status=ConversationStatus.RESOLVED)
        case "mine":
            return found.exclude(status=ConversationStatus.RESOLVED).filter(assignee=user)
        case "unassigned":
            return found.exclude(status=ConversationStatus.RESOLVED).filter(assignee=None)
        case _:
            raise BadRequest(fields={"view": _("One of: mine, unassigned, open, all.")})


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
