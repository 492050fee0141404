"""Chats among colleagues as pages show them: what each is called, what is unread, the open one."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from conversations import queries
from conversations.models import Conversation, Message, Participant
from conversations.panel import page
from conversations.rights import RIGHTS, Right, outranks
from conversations.statuses import ConversationKind, GroupRole
from events.objects import WireObject


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat under the name it has for one member. `person` is the other one of a direct conversation."""

    conversation: Conversation
    title: str
    person: User | None


@dataclass(frozen=True, slots=True)
class OpenChat:
    """`thread` is oldest first; before `older` there is more of it; reading stopped over `first_unread`."""

    chat: Chat
    thread: list[Message]
    older: UUID | None
    first_unread: UUID | None
    own: Participant

    @property
    def conversation(self) -> Conversation:
        """What the thread and the composer ask of every panel."""
        return self.chat.conversation

    @property
    def window_is_open(self) -> bool:
        """Colleagues need no window."""
        return True


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group, and what whoever looks may do about them."""

    participant: Participant
    may_remove: bool
    may_promote: bool


class UnreadChats(WireObject, frozen=True):
    """How many messages are unread, how many of them mention whoever asks, both by chat as well; and the newest
    messages that nobody has been told of having arrived.
    """

    unread: int
    mentions: int
    chats: dict[str, tuple[int, int]]
    arrived: list[str]


def chat(row: Conversation, viewer_id: UUID) -> Chat:
    """A chat, loaded through `queries.complete`, as `viewer_id` calls it."""
    if row.kind == ConversationKind.GROUP:
        return Chat(row, row.title, None)
    listed: list[Participant] = getattr(row, "listed", [])
    others = [seat.user for seat in listed if seat.user_id != viewer_id]
    return Chat(row, str(others[0]) if others else "", others[0] if others else None)


def chats(rows: Iterable[Conversation], viewer: User) -> list[Chat]:
    """Those, in their order."""
    return [chat(row, viewer.pk) for row in rows]


def open_chat(user: User, conversation_id: UUID) -> OpenChat:
    """A chat with its newest messages. Raises NotFound for who is not in it."""
    row = queries.chat_for(user, conversation_id)
    thread, older = page(row)
    own: Participant = row.own[0]  # type: ignore[attr-defined]  # queries.complete
    return OpenChat(chat(row, user.pk), thread, older, _first_unread(thread, own), own)


def _first_unread(thread: Iterable[Message], own: Participant) -> UUID | None:
    unread = (message for message in thread if message.place and message.place > own.read_place)
    return next((message.pk for message in unread if message.sender_id != own.user_id), None)


def unread(user: User) -> UnreadChats:
    """What badges say."""
    counts = {
        str(seat.conversation_id): (seat.conversation.message_count - seat.read_place, seat.mention_count)
        for seat in queries.unread_seats(user)
    }
    return UnreadChats(
        unread=sum(unread for unread, _ in counts.values()),
        mentions=sum(mentions for _, mentions in counts.values()),
        chats=counts,
        arrived=[str(pk) for pk in queries.undelivered(user)],
    )


def members(own: Participant, seats: Iterable[Participant]) -> list[Member]:
    """Those of a group, with what `own` may do about each."""
    return [_member(own, seat) for seat in seats]


def _member(own: Participant, seat: Participant) -> Member:
    rights, is_other = RIGHTS[own.role], seat.pk != own.pk
    return Member(
        seat,
        may_remove=is_other and Right.REMOVE in rights and outranks(own, seat),
        may_promote=Right.PROMOTE in rights,
    )


ROLES = tuple(GroupRole)
