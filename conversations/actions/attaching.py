"""Files that go with a message: the writer's own, unsent, and such as the channel takes."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from conversations import sendable
from conversations.errors import BadRequest, NotFound
from conversations.models import Attachment, AttachmentState, Conversation, Message
from conversations.statuses import ConversationKind, MessageType


def uploaded(attachment_ids: Sequence[UUID], *, by: User) -> list[Attachment]:
    """What `by` has uploaded and not sent, locked, in the order asked for. Raises NotFound."""
    wanted = list(dict.fromkeys(attachment_ids))
    unsent = Attachment.objects.filter(pk__in=wanted, message=None, uploaded_by=by, state=AttachmentState.READY)
    found = {row.pk: row for row in unsent.order_by("id").select_for_update(no_key=True)} if wanted else {}
    if len(found) != len(wanted):
        raise NotFound(fields={"attachmentIds": _("There is no such file.")})
    return [found[attachment_id] for attachment_id in wanted]


def message_type(
    conversation: Conversation, files: Sequence[Attachment], *, wanted: MessageType, content: str
) -> MessageType:
    """What a message with these files is; TEXT leaves it to the first of them.

    Raises BadRequest, TooLarge or UnsupportedByChannel for what WhatsApp would refuse.
    """
    if not files:
        return wanted
    kind = sendable.type_for(files[0]) if wanted == MessageType.TEXT else wanted
    if conversation.kind == ConversationKind.CUSTOMER:
        if len(files) > 1:
            raise BadRequest(
                fields={"attachmentIds": _("WhatsApp takes one file a message: send one after the other.")}
            )
        sendable.check(files[0], kind, content)
    return kind


def attach(message: Message, files: Sequence[Attachment]) -> None:
    """Hang locked files on a message."""
    Attachment.objects.filter(pk__in=[row.pk for row in files]).update(message=message)
