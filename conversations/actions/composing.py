"""What is composed of parts: a template that is filled in, or words with something to press."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from msgspec import to_builtins

from conversations import sendable, templating
from conversations.actions import attaching, drafts
from conversations.errors import BadRequest, TooLarge
from conversations.interactive import BODY_LIMIT, ChoiceList, Interactive
from conversations.models import Attachment, Conversation, Message
from conversations.requests import TemplateDraft
from conversations.statuses import MessageType

Composed = TemplateDraft | Interactive
_PARTS = {MessageType.TEMPLATE: "template", MessageType.INTERACTIVE: "interactive"}


def kind_of(wanted: MessageType, composed: Composed | None) -> MessageType:
    """What a message is, which its parts may say. Raises BadRequest for parts that are missing or too many."""
    if composed is None:
        if wanted in _PARTS:
            raise BadRequest(fields={_PARTS[wanted]: _("This field is required.")})
        return wanted
    kind = MessageType.TEMPLATE if isinstance(composed, TemplateDraft) else MessageType.INTERACTIVE
    if wanted not in {kind, MessageType.TEXT}:
        raise BadRequest(fields={_PARTS[kind]: _("A message of this type has none.")})
    return kind


def clean(content: str, kind: MessageType, composed: Composed | None, attachment_ids: tuple[UUID, ...]) -> str:
    """The words that go with it. Raises BadRequest, TooLarge."""
    if kind == MessageType.TEMPLATE:
        if content.strip():
            raise BadRequest(fields={"content": _("A template brings its own words.")})
        return ""
    if kind != MessageType.INTERACTIVE:
        return drafts.clean(content, kind, attachment_ids)
    if attachment_ids:
        raise BadRequest(fields={"attachmentIds": _("No file goes with buttons: send it as a message of its own.")})
    return _body(content, composed)


def _body(content: str, composed: Composed | None) -> str:
    body = drafts.clean_text(content, may_be_empty=False)
    _check_body(body, has_list=isinstance(composed, ChoiceList))
    return body


def _check_body(body: str, *, has_list: bool) -> None:
    if len(body) > BODY_LIMIT and not has_list:
        advice = _("WhatsApp takes at most %(limit)s characters beside buttons.") % {"limit": BODY_LIMIT}
        raise TooLarge(advice, fields={"content": _("Too long.")})


def check_words(row: Message, content: str) -> None:
    """Whether WhatsApp takes these words instead of those of a message that waits. Raises BadRequest, TooLarge."""
    if row.type == MessageType.INTERACTIVE:
        _check_body(content, has_list=row.metadata["interactive"]["type"] == "list")
    for file in row.attachments.all():
        sendable.check(file, MessageType(row.type), content)


def fields(
    row: Conversation, kind: MessageType, content: str, files: Sequence[Attachment], composed: Composed | None
) -> dict[str, Any]:
    """`type`, `content` and `metadata` of the message. Raises what the channel would refuse."""
    if isinstance(composed, TemplateDraft):
        worded = templating.word(row, composed, files)
        return {"type": kind, "content": worded.content, "metadata": worded.metadata}
    if composed is not None:
        return {"type": kind, "content": content, "metadata": {"interactive": to_builtins(composed)}}
    return {"type": attaching.message_type(row, files, wanted=kind, content=content), "content": content}
