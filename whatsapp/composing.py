"""A message in the words of the Graph API."""

from typing import Any

from conversations.models import Attachment, Conversation, IdentityKind, Message
from conversations.statuses import MessageType
from whatsapp.translate import CALLBACK_PREFIX


def body(message: Message) -> dict[str, Any]:
    """What to POST. Our own id travels along and comes back with every status."""
    attachment = message.attachments.first()
    kind, part = _file(message, attachment) if attachment else _text(message)
    found: dict[str, Any] = {
        "recipient_type": "individual",
        **_recipient(message.conversation),
        "type": kind,
        kind: part,
        "biz_opaque_callback_data": f"{CALLBACK_PREFIX}{message.pk}",
    }
    if message.reply_to and message.reply_to.wamid:
        found["context"] = {"message_id": message.reply_to.wamid}
    return found


def _recipient(conversation: Conversation) -> dict[str, str]:
    match conversation.address_kind:
        case IdentityKind.WA_ID:
            return {"to": f"+{conversation.address.removeprefix('+')}"}
        case IdentityKind.GROUP:
            return {"recipient_type": "group", "to": conversation.address}
        case _:
            return {"recipient": conversation.address}


def _text(message: Message) -> tuple[str, dict[str, Any]]:
    return "text", {"body": message.content, "preview_url": True}


def _file(message: Message, attachment: Attachment) -> tuple[str, dict[str, Any]]:
    is_voice = message.type == MessageType.VOICE
    kind = "audio" if is_voice else message.type.lower()
    part: dict[str, Any] = {"id": attachment.media_id}
    if kind == "document":
        part["filename"] = attachment.filename
    if kind in {"image", "video", "document"} and message.content:
        part["caption"] = message.content
    if is_voice:
        part["voice"] = True
    return kind, part
