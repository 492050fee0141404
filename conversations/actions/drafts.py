"""What any message that somebody writes has to pass, to a customer or among us."""

import re
from uuid import UUID

from django.utils.translation import gettext as _

from conversations import queries
from conversations.errors import BadRequest, NotFound, TooLarge
from conversations.models import Conversation, Message
from conversations.statuses import MessageType

TEXT_LIMIT = 4096  # characters; WhatsApp's limit for a text body
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def clean(content: str, kind: MessageType, attachment_ids: tuple[UUID, ...]) -> str:
    """The words without what PostgreSQL refuses. Raises BadRequest, TooLarge."""
    if kind != MessageType.TEXT and not attachment_ids:
        raise BadRequest(fields={"attachmentIds": _("Attach a file.")})
    return clean_text(content, may_be_empty=bool(attachment_ids))


def clean_text(content: str, *, may_be_empty: bool) -> str:
    """The words alone. Raises BadRequest, TooLarge."""
    content = content.replace("\0", "").strip()
    if not content and not may_be_empty:
        raise BadRequest(fields={"content": _("Write something.")})
    if len(content) > TEXT_LIMIT:
        raise TooLarge(
            _("WhatsApp takes at most %(limit)s characters.") % {"limit": TEXT_LIMIT},
            fields={"content": _("Too long.")},
        )
    return content


def known(conversation: Conversation, client_id: str | None) -> Message | None:
    """The message that this client id has made already; ask under the conversation's lock."""
    if client_id is None:
        return None
    if not _CLIENT_ID.fullmatch(client_id):
        raise BadRequest(fields={"clientId": _("1 to 64 letters, digits, - or _.")})
    return queries.messages().filter(conversation=conversation, client_id=client_id).first()


def quoted(conversation: Conversation, message_id: UUID | None) -> Message | None:
    """The message of this conversation that is answered. Raises NotFound."""
    if message_id is None:
        return None
    found = Message.objects.filter(conversation=conversation, pk=message_id).first()
    if found is None:
        raise NotFound(fields={"replyToId": _("There is no such message in this conversation.")})
    return found
