"""Which files WhatsApp takes as what (Cloud API, business-phone-numbers/media): asked before anything is queued."""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.errors import BadRequest, TooLarge, UnsupportedByChannel
from conversations.models import Attachment
from conversations.statuses import MessageType

MEGABYTE = 1024 * 1024
CAPTION_LIMIT = 1024  # characters
CAPTIONED = frozenset({MessageType.IMAGE, MessageType.VIDEO, MessageType.DOCUMENT})
_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Taken:
    """What WhatsApp takes as one type of message: MIME types, bytes, and what to do about others."""

    mime_types: frozenset[str]
    size: int
    advice: str | Promise


_SOUNDS = frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})
TAKEN: dict[MessageType, Taken] = {
    MessageType.IMAGE: Taken(
        frozenset({"image/jpeg", "image/png"}),
        5 * MEGABYTE,
        gettext_lazy("WhatsApp takes pictures as JPEG or PNG: save it as one of these."),
    ),
    MessageType.VIDEO: Taken(
        frozenset({"video/mp4", "video/3gpp"}),
        16 * MEGABYTE,
        gettext_lazy("WhatsApp takes videos as MP4 or 3GP: save it as one of these."),
    ),
    MessageType.AUDIO: Taken(
        _SOUNDS,
        16 * MEGABYTE,
        gettext_lazy("WhatsApp takes sound as AAC, AMR, MP3, M4A or Ogg: save it as one of these."),
    ),
    MessageType.VOICE: Taken(
        _SOUNDS | {"audio/webm"},  # becomes Ogg on its way: whatsapp/voices.py
        16 * MEGABYTE,
        gettext_lazy("This recording cannot be sent as a voice note: send it as a file."),
    ),
    MessageType.DOCUMENT: Taken(
        frozenset(
            {
                *("text/plain", "text/csv", "application/pdf"),
                *("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
                *(f"{_OFFICE}.{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet")),
                f"{_OFFICE}.presentationml.presentation",
            }
        ),
        100 * MEGABYTE,
        gettext_lazy("WhatsApp takes text, PDF, Word, Excel and PowerPoint files: save it as one of these."),
    ),
    MessageType.STICKER: Taken(
        frozenset({"image/webp"}), MEGABYTE // 2, gettext_lazy("WhatsApp takes stickers as WebP of up to 500 KB.")
    ),
}


def type_for(attachment: Attachment) -> MessageType:
    """As what a file is sent when nobody says."""
    kind = attachment.mime_type.partition("/")[0]
    return {"image": MessageType.IMAGE, "video": MessageType.VIDEO, "audio": MessageType.AUDIO}.get(
        kind, MessageType.DOCUMENT
    )


def check(attachment: Attachment, kind: MessageType, caption: str) -> None:
    """Raise UnsupportedByChannel, TooLarge or BadRequest, with advice, for what WhatsApp would refuse."""
    taken = TAKEN.get(kind)
    if taken is None:
        raise BadRequest(fields={"type": _("Files cannot be sent as this.")})
    if attachment.mime_type not in taken.mime_types:
        raise UnsupportedByChannel(str(taken.advice), fields={"attachmentIds": attachment.filename})
    if (attachment.size or 0) > taken.size:
        advice = _("WhatsApp takes at most %(limit)s of this type: make it smaller.")
        raise TooLarge(advice % {"limit": filesizeformat(taken.size)}, fields={"attachmentIds": attachment.filename})
    if caption and kind not in CAPTIONED:
        raise BadRequest(fields={"content": _("Sounds and stickers carry no text: send it as a message of its own.")})
    if len(caption) > CAPTION_LIMIT:
        advice = _("WhatsApp takes at most %(limit)s characters beside a file.")
        raise TooLarge(advice % {"limit": CAPTION_LIMIT}, fields={"content": _("Too long.")})
