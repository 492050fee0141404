"""What clients ask of conversations, over the socket and REST alike: decoded once, into types."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from msgspec import UNSET, Meta, Struct, UnsetType, field, structs

from accounts.models import Team, User
from accounts.queries import colleagues
from conversations import queries
from conversations.errors import BadRequest, NotFound
from conversations.interactive import Interactive
from conversations.models import Label
from conversations.statuses import ConversationStatus, GroupRole, MessageType

Words = Annotated[str, Meta(max_length=254, pattern="^[^\\x00]*$")]
"""A short text to search for: PostgreSQL refuses NUL."""

LONGEST_PARAMETER = 1024  # characters

Parameters = dict[str, Annotated[str, Meta(max_length=LONGEST_PARAMETER)]]
"""Values by the names of placeholders."""

Seq = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""A place in the tenant's event log."""

Limit = Annotated[int, Meta(ge=1, le=queries.MAX_PAGE)]


class PageOfConversations(Struct, rename="camel", kw_only=True):
    """`cursor` comes from the page before; without it, the first."""

    view: Literal["mine", "unassigned", "open", "all", "chats"] = "open"
    cursor: str | None = None
    limit: Limit = queries.PAGE


class ConversationFilters(Struct, rename="camel", kw_only=True):
    """Only conversations with all of these; what is left out does not matter."""

    status: ConversationStatus | None = None
    assignee_id: UUID | None = None
    team_id: UUID | None = None
    column_id: UUID | None = None
    number_id: UUID | None = None
    contact_id: UUID | None = None
    label_id: UUID | None = None

    def lookups(self) -> dict[str, Any]:
        """As `queries.conversation_page` takes them."""
        wanted = {**structs.asdict(self), "labels": self.label_id}
        del wanted["label_id"]
        return {name: value for name, value in wanted.items() if value is not None}


class ListOfConversations(PageOfConversations, kw_only=True):
    """The socket names the filters apart, REST beside the others in the address."""

    filters: ConversationFilters = field(default_factory=ConversationFilters)


class ConversationChanges(Struct, rename="camel", kw_only=True):
    """What is left out stays. `version` is the one the change was decided on; `labels` are ids of all it shall have."""

    version: int | None = None
    status: ConversationStatus | UnsetType = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    team_id: UUID | UnsetType | None = UNSET
    labels: tuple[UUID, ...] | UnsetType = UNSET
    priority: Literal[-1, 0, 1, 2] | UnsetType = UNSET
    snoozed_until: Annotated[datetime, Meta(tz=True)] | UnsetType | None = UNSET

    def fields(self) -> dict[str, Any]:
        """As `actions.update_conversation` takes them.

        Raises NotFound for people, teams, labels that are not here, BadRequest for a time that is none in UTC.
        """
        wanted = {
            "status": self.status,
            "assignee": UNSET if self.assignee_id is UNSET else _colleague(self.assignee_id),
            "team": UNSET if self.team_id is UNSET else _team(self.team_id),
            "labels": UNSET if self.labels is UNSET else _labels(set(self.labels)),
            "priority": self.priority,
            "snoozed_until": self._until(),
        }
        return {name: value for name, value in wanted.items() if value is not UNSET}

    def _until(self) -> datetime | UnsetType | None:
        if not isinstance(self.snoozed_until, datetime):
            return self.snoozed_until
        try:
            return self.snoozed_until.astimezone(UTC)
        except OverflowError as error:  # of the first or the last day that Python knows
            raise BadRequest(fields={"snoozedUntil": _("There is no such time.")}) from error


class PageOfMessages(Struct, rename="camel", kw_only=True):
    """A page before or after one message; without both, the newest."""

    before: UUID | None = None
    after: UUID | None = None
    limit: Limit = queries.PAGE

    def place(self) -> dict[str, Any]:
        """As `queries.message_page` takes it. Raises BadRequest."""
        if self.before and self.after:
            raise BadRequest(fields={"after": _("Give `before` or `after`, not both.")})
        return {"before": self.before, "after": self.after, "limit": self.limit}


class TemplateParameters(Struct, rename="camel", kw_only=True):
    """What to fill in, by the part of the template and the name of the placeholder; of `buttons`, by their place."""

    header: Parameters = {}
    body: Parameters = {}
    buttons: Parameters = {}


class TemplateDraft(Struct, rename="camel", kw_only=True):
    """A template, named as WhatsApp knows it, and what to fill in."""

    name: Annotated[str, Meta(max_length=512, pattern="^[^\\x00]*$")]
    language: Annotated[str, Meta(max_length=16, pattern="^[^\\x00]*$")]
    parameters: TemplateParameters = field(default_factory=TemplateParameters)


class MessageDraft(Struct, rename="camel", kw_only=True):
    """A message to a customer or into a chat.

    `mention_ids` are members of the chat. `undoable`: leave the author the tenant's time to recall it. `last_seen_seq`:
    the newest event its author has seen; if somebody else has answered the customer after it, it is refused. A
    `template` brings its own words; of an `interactive` one `content` is the body.
    """

    type: MessageType = MessageType.TEXT
    content: str = ""
    reply_to_id: UUID | None = None
    attachment_ids: tuple[UUID, ...] = ()
    mention_ids: tuple[UUID, ...] = ()
    undoable: bool = False
    last_seen_seq: Seq | None = None
    template: TemplateDraft | None = None
    interactive: Interactive | None = None

    def parts(self) -> dict[str, Any]:
        """As `actions.write_message` takes them. Raises BadRequest."""
        if self.template and self.interactive:
            raise BadRequest(fields={"interactive": _("Send a template or buttons, not both.")})
        return {
            "type": self.type,
            "composed": self.template or self.interactive,
            "content": self.content,
            "reply_to_id": self.reply_to_id,
            "attachment_ids": self.attachment_ids,
            "mention_ids": self.mention_ids,
            "undoable": self.undoable,
            "last_seen_seq": self.last_seen_seq,
        }


class MessageWords(Struct, rename="camel", kw_only=True):
    """The new words of a message."""

    content: str


class MessageEmoji(Struct, rename="camel", kw_only=True):
    """One's emoji on a message; null takes it away."""

    emoji: str | None


class MessageIds(Struct, rename="camel", kw_only=True):
    """Messages of chats that have arrived on a screen."""

    message_ids: Annotated[tuple[UUID, ...], Meta(max_length=queries.MAX_PAGE)]


class ReadUpTo(Struct, rename="camel", kw_only=True):
    """Up to which message a conversation was read: that one, the newest of several, or all of it."""

    up_to_id: UUID | None = None
    message_ids: Annotated[tuple[UUID, ...], Meta(max_length=queries.MAX_PAGE)] = ()

    def ids(self) -> set[UUID]:
        """All that are named."""
        return {*self.message_ids, *([self.up_to_id] if self.up_to_id else [])}


class MessageSearch(Struct, rename="camel", kw_only=True):
    """Words in one conversation, or in all chats one is in. `before` is the last message of the page before."""

    q: Annotated[str, Meta(min_length=1, max_length=254, pattern="^[^\\x00]*$")]
    conversation_id: UUID | None = None
    before: UUID | None = None
    limit: Limit = queries.PAGE


class PeopleQuery(Struct, rename="camel", kw_only=True):
    """`q` is a part of the name or the e-mail address."""

    q: Words = ""


class NewDirect(Struct, rename="camel", kw_only=True):
    """With whom."""

    user_id: UUID

    def colleague(self) -> User:
        """Raises NotFound for who does not work here."""
        return _colleagues([self.user_id], "userId")[0]


class NewMembers(Struct, rename="camel", kw_only=True):
    """People to bring into a group."""

    user_ids: tuple[UUID, ...]

    def people(self) -> list[User]:
        """Raises NotFound for who does not work here."""
        return _colleagues(self.user_ids, "userIds")


class NewGroup(NewMembers, kw_only=True):
    """Colleagues may join an open group by themselves."""

    title: str
    user_ids: tuple[UUID, ...] = ()
    is_open: bool = False


class GroupChanges(Struct, rename="camel", kw_only=True):
    """What is left out stays."""

    title: str | None = None
    is_open: bool | None = None


class MemberRole(Struct, rename="camel", kw_only=True):
    """What somebody is to be in a group."""

    role: GroupRole


class PageOfMembers(Struct, rename="camel", kw_only=True):
    """`cursor` comes from the page before."""

    cursor: UUID | None = None
    limit: Limit = queries.MAX_PAGE


def _colleagues(user_ids: Collection[UUID], field: str) -> list[User]:
    found = list(colleagues().filter(pk__in=user_ids))
    if len(found) != len(set(user_ids)):
        raise NotFound(fields={field: _("There is no such colleague.")})
    return found


def _colleague(user_id: UUID | None) -> User | None:
    found = colleagues().filter(pk=user_id).first() if user_id else None
    if user_id and found is None:
        raise NotFound(fields={"assigneeId": _("There is no such colleague.")})
    return found


def _team(team_id: UUID | None) -> Team | None:
    found = Team.objects.filter(pk=team_id).first() if team_id else None
    if team_id and found is None:
        raise NotFound(fields={"teamId": _("There is no such team.")})
    return found


def _labels(label_ids: set[UUID]) -> list[Label]:
    found = list(Label.objects.filter(pk__in=label_ids))
    if len(found) < len(label_ids):
        raise NotFound(fields={"labels": _("There is no such label.")})
    return found
