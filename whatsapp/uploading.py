"""Files on their way to Meta: each once, as a worker reads it, in a shape that WhatsApp takes."""

import tempfile
from datetime import timedelta
from typing import IO

from django.core.files.base import File
from django.utils import timezone

from conversations.actions import record_media_id
from conversations.models import Attachment
from conversations.statuses import FILE_MISSING
from whatsapp import graph
from whatsapp.models import Number

MEDIA_KEPT = timedelta(days=29)  # Meta keeps them for thirty
PACE = 100_000  # bytes a second, on a bad line
LEAST_TIME = timedelta(minutes=2)
_DECLARED = {"text/csv": "text/plain"}  # Meta's name for it


def is_due(attachment: Attachment) -> bool:
    """Whether Meta does not have the file (any more)."""
    expires_at = attachment.media_expires_at
    return not attachment.media_id or (expires_at is not None and expires_at < timezone.now())


def time_for(attachment: Attachment) -> timedelta:
    """How long handing it over may take."""
    return LEAST_TIME + timedelta(seconds=(attachment.size or 0) / PACE)


def upload(attachment: Attachment, number: Number, *, as_voice: bool) -> None:
    """Hand a file over and remember its media id. Raises Permanent or Transient."""
    with _opened(attachment) as stored:
        media_id = _upload_voice(number, stored) if as_voice else _upload_file(number, stored, attachment)
    record_media_id(attachment, media_id=media_id, expires_at=timezone.now() + MEDIA_KEPT)


def _opened(attachment: Attachment) -> File[bytes]:
    try:
        return attachment.file.storage.open(attachment.file.name or "", "rb")
    except FileNotFoundError as error:  # a folder that this machine does not share, a backup without files
        raise graph.Permanent(FILE_MISSING, str(error)) from error


def _upload_file(number: Number, stored: IO[bytes], attachment: Attachment) -> str:
    mime_type = _DECLARED.get(attachment.mime_type, attachment.mime_type)
    return graph.upload(number, stored, filename=attachment.filename or str(attachment.pk), mime_type=mime_type)


def _upload_voice(number: Number, stored: IO[bytes]) -> str:
    from whatsapp import voices  # noqa: PLC0415  20 MB of FFmpeg that web processes have no use for

    with tempfile.TemporaryFile() as made:
        try:
            voice = voices.as_voice(stored, made)
        except voices.NotSound as error:
            raise graph.Permanent("131053", str(error)) from error
        return graph.upload(number, voice, filename="voice.ogg", mime_type=voices.MIME_TYPE)
