"""What a customer can do on the phone; each thing queues its webhook."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from simulator import behaviours, bodies, files, ids, outbox
from simulator.live import Change, audience
from simulator.models import Chat, Medium, Message, Webhook
from simulator.opus import to_ogg

Content = dict[str, Any] | list[Any]


@dataclass(frozen=True)
class Said:
    """A customer's message and the webhook that tells of it."""

    message: Message
    webhook: Webhook


@transaction.atomic
def say(
    chat: Chat, kind: str, content: Content, *, reply_to: str = "", said_at: datetime | None = None, wamid: str = ""
) -> Said:
    """Send a message of any type; `content` is what Meta's JSON has under the type's name."""
    message = write(chat, kind, content, reply_to=reply_to, said_at=said_at, wamid=wamid)
    return Said(message, tell([message]))


def write(
    chat: Chat, kind: str, content: Content, *, reply_to: str = "", said_at: datetime | None = None, wamid: str = ""
) -> Message:
    """Put a message in the chat without telling the helpdesk yet."""
    message = Message.objects.create(
        chat=chat,
        wamid=wamid or ids.wamid(chat.customer_id, from_customer=True),
        is_from_customer=True,
        type=kind,
        content=content,
        context_wamid=reply_to,
        status=Message.Status.SENT,
        said_at=said_at or timezone.now(),
    )
    _heard(chat, message.said_at)
    show(message)
    return message


def tell(messages: list[Message], after_ms: float = 0) -> Webhook:
    """Tell the helpdesk of messages of one number, all in one POST."""
    way = behaviours.for_speech(messages[0].chat.customer_id)
    return outbox.put(bodies.said(messages), messages=messages, after_ms=after_ms, way=way)


def _heard(chat: Chat, at: datetime) -> None:
    """Open or prolong the 24-hour window."""
    newest = Greatest(Coalesce("last_heard_at", at), at)
    Chat.objects.filter(pk=chat.pk).update(last_heard_at=newest, last_message_at=timezone.now())


def show(message: Message) -> None:
    """Draw the message on open phones after the commit."""
    change = Change("message", message.chat.key, message.pk)
    transaction.on_commit(lambda: audience.tell(change))


def send_file(
    chat: Chat,
    data: bytes,
    mime_type: str,
    *,
    filename: str = "",
    reply_to: str = "",
    caption: str = "",
    voice: bool = False,
) -> Said:
    """Send a picture, film, sound or document; a voice note goes out in Ogg, as phones record it."""
    if voice and files.plain_type(mime_type) == "audio/webm":
        data, mime_type = to_ogg(data), "audio/ogg; codecs=opus"
    kept = files.keep(chat.number, data, mime_type, filename)
    return send_medium(chat, kept, reply_to=reply_to, caption=caption, voice=voice)


def send_medium(chat: Chat, kept: Medium, *, reply_to: str = "", caption: str = "", voice: bool = False) -> Said:
    """Send a file that Meta keeps already."""
    kind = files.message_type(kept.mime_type)
    extras = {
        "caption": caption if kind != "audio" else "",
        "filename": kept.filename if kind == "document" else "",
    }
    content = bodies.medium(kept, **{name: text for name, text in extras.items() if text})
    if kind == "audio":
        content["voice"] = voice
    return say(chat, kind, content, reply_to=reply_to)


def react(message: Message, emoji: str) -> Webhook:
    """React to a message; an empty emoji takes the reaction back."""
    Message.objects.filter(pk=message.pk).update(customer_reaction=emoji)
    show(message)
    content = {"message_id": message.wamid} | ({"emoji": emoji} if emoji else {})
    return _mention(message.chat, "reaction", content)


def edit(message: Message, text: str) -> Webhook:
    """Change the words of an own message."""
    changed = {"type": "text", "text": {"body": text}}
    Message.objects.filter(pk=message.pk).update(content=changed["text"], is_edited=True)
    show(message)
    inner = {"context": {"id": "M0"}, **changed}
    return _mention(message.chat, "edit", {"original_message_id": message.wamid, "message": inner})


def revoke(message: Message) -> Webhook:
    """Delete an own message for everybody."""
    Message.objects.filter(pk=message.pk).update(is_revoked=True)
    show(message)
    return _mention(message.chat, "revoke", {"original_message_id": message.wamid})


def _mention(chat: Chat, kind: str, content: Content) -> Webhook:
    """Tell of something that is no bubble of its own."""
    wamid = ids.wamid(chat.customer_id, from_customer=True)
    message = Message(chat=chat, wamid=wamid, is_from_customer=True, type=kind, content=content, said_at=timezone.now())
    return tell([message])
