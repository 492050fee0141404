"""A message in the words of the Graph API."""

from collections.abc import Callable
from typing import Any

from conversations import sendable
from conversations.models import Attachment, Conversation, IdentityKind, Message, Reaction
from conversations.statuses import MessageType
from whatsapp.translate import CALLBACK_PREFIX


def body(message: Message) -> dict[str, Any]:
    """What to POST. Our own id travels along and comes back with every status."""
    attachment = message.attachments.first()
    kind, part = _part(message, attachment)
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


def reaction(reaction: Reaction, *, callback: str) -> dict[str, Any]:
    """What to POST for what is wanted on a message of the customer. `callback` comes back with its status."""
    return {
        "recipient_type": "individual",
        **_recipient(reaction.message.conversation),
        "type": "reaction",
        "reaction": {"message_id": reaction.message.wamid, "emoji": reaction.wanted},
        "biz_opaque_callback_data": callback,
    }


def _recipient(conversation: Conversation) -> dict[str, str]:
    match conversation.address_kind:
        case IdentityKind.WA_ID:
            return {"to": f"+{conversation.address.removeprefix('+')}"}
        case IdentityKind.GROUP:
            return {"recipient_type": "group", "to": conversation.address}
        case _:
            return {"recipient": conversation.address}


def _part(message: Message, attachment: Attachment | None) -> tuple[str, dict[str, Any]]:
    if message.type == MessageType.TEMPLATE:
        return "template", _template(message.metadata["template"], attachment)
    if message.type == MessageType.INTERACTIVE:
        return "interactive", _interactive(message.metadata["interactive"], message.content)
    return _file(message, attachment) if attachment else _text(message)


def _template(kept: dict[str, Any], attachment: Attachment | None) -> dict[str, Any]:
    components = [*([_header(attachment)] if attachment else []), *kept["components"]]
    return {
        "name": kept["name"],
        "language": {"code": kept["language"]},
        **({"components": components} if components else {}),
    }


def _header(attachment: Attachment) -> dict[str, Any]:
    """The file that a template shows on top."""
    kind = sendable.type_for(attachment).lower()
    file = {"id": attachment.media_id, **({"filename": attachment.filename} if kind == "document" else {})}
    return {"type": "header", "parameters": [{"type": kind, kind: file}]}


def _interactive(kept: dict[str, Any], body: str) -> dict[str, Any]:
    header, footer = kept["header"], kept["footer"]
    return {
        "type": kept["type"],
        **({"header": {"type": "text", "text": header}} if header else {}),
        "body": {"text": body},
        **({"footer": {"text": footer}} if footer else {}),
        "action": _ACTIONS[kept["type"]](kept),
    }


def _reply_buttons(kept: dict[str, Any]) -> dict[str, Any]:
    return {"buttons": [{"type": "reply", "reply": button} for button in kept["buttons"]]}


def _choice_list(kept: dict[str, Any]) -> dict[str, Any]:
    """Meta refuses what is there and empty."""
    sections = [{**_given(section), "rows": [_given(row) for row in section["rows"]]} for section in kept["sections"]]
    return {"button": kept["button"], "sections": sections}


def _given(parts: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part}


def _link_button(kept: dict[str, Any]) -> dict[str, Any]:
    return {"name": "cta_url", "parameters": {"display_text": kept["button"], "url": kept["url"]}}


_ACTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "button": _reply_buttons,
    "list": _choice_list,
    "cta_url": _link_button,
}


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
