"""What is said about messages that exist: reactions, edits, revokes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conversations.actions import delete_message, edit_message, react
from conversations.models import Message
from whatsapp import translate
from whatsapp.payloads import Edit, MessageItem, ReactionPart, Revoke, as_part, moment

REVISIONS = frozenset({"reaction", "edit", "revoke"})


@dataclass(frozen=True, slots=True)
class Revision:
    """A reaction, edit or revoke over one number."""

    item: MessageItem
    number_id: UUID
    received_at: datetime

    @property
    def target(self) -> str:
        """The wamid it speaks of; empty when it does not say."""
        raw = self.item.raw.get(self.item.message.type)
        match self.item.message.type:
            case "reaction":
                reaction = as_part(ReactionPart, raw)
                return reaction.message_id if reaction else ""
            case "edit":
                edit = as_part(Edit, raw)
                return edit.original_message_id if edit else ""
            case _:
                revoke = as_part(Revoke, raw)
                return revoke.original_message_id if revoke else ""


def apply_revisions(revisions: Sequence[Revision]) -> list[Revision]:
    """Apply what concerns messages we hold, oldest first; returns those whose message is not here (yet)."""
    targets = _targets(revisions)
    waiting = []
    for revision in sorted(revisions, key=lambda each: moment(each.item.message.timestamp, each.received_at)):
        message = targets.get((revision.number_id, revision.target))
        if message:
            _apply(revision, message)
        elif revision.target:
            waiting.append(revision)
    return waiting


def _targets(revisions: Sequence[Revision]) -> dict[tuple[UUID | None, str | None], Message]:
    wamids = {revision.target for revision in revisions} - {""}
    rows = Message.objects.filter(wamid__in=wamids).select_related("conversation__contact") if wamids else ()
    return {(row.number_id, row.wamid): row for row in rows}


def _apply(revision: Revision, message: Message) -> None:
    at = moment(revision.item.message.timestamp, revision.received_at)
    match revision.item.message.type:
        case "reaction":
            part = as_part(ReactionPart, revision.item.raw.get("reaction"))
            contact = None if revision.item.echo else message.conversation.contact  # an echo is the business's own
            if part:
                react(message, contact=contact, emoji=part.emoji[:32], at=at)
        case "edit":
            content = translate.edited_content(revision.item)
            if content is not None:
                edit_message(message, content=content, at=at)
        case _:
            delete_message(message, at=at)
