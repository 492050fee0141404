"""Files that customers send: fetched from Meta by a worker, sniffed, stored, with a small picture to show."""

import hashlib
import io
import logging
import re
import tempfile
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import IO

import filetype
from django.core.files.base import ContentFile, File
from django.utils import timezone
from PIL import Image, ImageOps

from conversations.actions import store_attachment
from conversations.models import Attachment, AttachmentState
from events.catalogue import MessageNew
from events.log import Committed
from whatsapp import doorbell, graph
from whatsapp.models import Number

SIZE_LIMIT = 100 * 1024 * 1024  # bytes; WhatsApp's own limit for what customers send
PIXEL_LIMIT = 50_000_000  # a picture beyond that is not decoded: no thumbnail
THUMBNAIL = (640, 640)
ATTEMPTS = 8  # over about six hours; Meta keeps the file for seven days
FIRST_WAIT = 4.0  # seconds, four times as long after each attempt

logger = logging.getLogger(__name__)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def on_events(events: Sequence[Committed]) -> None:
    """Ring for every file that now waits to be fetched."""
    for committed in events:
        if isinstance(committed.event, MessageNew):
            for attachment in committed.event.message.attachments:
                if attachment.state == AttachmentState.PENDING:
                    doorbell.wake("whatsapp.tasks.fetch_attachment", str(committed.tenant_id), attachment.id)


def fetch(attachment: Attachment) -> float | None:
    """Fetch one file; returns after how many seconds to try again, None when it is settled."""
    now = timezone.now()
    claimed = Attachment.objects.filter(
        pk=attachment.pk, state=AttachmentState.PENDING, attempts=attachment.attempts, next_attempt_at__lte=now
    )
    wait = FIRST_WAIT * 4.0**attachment.attempts
    if not claimed.update(attempts=attachment.attempts + 1, next_attempt_at=now + timedelta(seconds=wait)):
        return None  # another worker has it
    try:
        _fetch(attachment)
    except graph.Permanent as error:
        store_attachment(attachment, state=AttachmentState.FAILED, error=error.detail[:240])
    except graph.GraphError as error:
        if attachment.attempts + 1 < ATTEMPTS:
            return wait
        store_attachment(attachment, state=AttachmentState.FAILED, error=error.detail[:240])
    return None


def _fetch(attachment: Attachment) -> None:
    if attachment.message is None or attachment.message.number_id is None:
        raise graph.Permanent("no_number", "the message has no number")
    number = Number.objects.get(pk=attachment.message.number_id)
    address = graph.media_address(number, attachment.media_id)
    with tempfile.TemporaryFile() as file:
        digest, size = _receive(number, address, file)
        kind = filetype.guess(_start(file))
        mime_type = kind.mime if kind else _declared(address.mime_type or attachment.mime_type)
        _store(attachment, file, mime_type, digest, size)


def _receive(number: Number, address: graph.MediaAddress, file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with graph.download(number, address) as chunks:
        for chunk in chunks:
            size += len(chunk)
            if size > SIZE_LIMIT:
                raise graph.Permanent("too_large", "the file is larger than 100 MB")
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest(), size


def _start(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(8192)


def _declared(mime_type: str) -> str:
    """What Meta says it is, for kinds that cannot be told by looking; never something a browser would run."""
    plain = mime_type.split(";", maxsplit=1)[0].strip().lower()
    return plain if plain in {"text/plain", "text/csv"} else "application/octet-stream"


def _store(attachment: Attachment, file: IO[bytes], mime_type: str, digest: str, size: int) -> None:
    width, height, thumbnail = _picture(file) if mime_type.startswith("image/") else (None, None, None)
    file.seek(0)
    attachment.file.save("file", File(file), save=False)
    if thumbnail:
        attachment.thumbnail.save("thumbnail.webp", ContentFile(thumbnail), save=False)
    store_attachment(
        attachment,
        state=AttachmentState.READY,
        mime_type=mime_type,
        filename=safe_filename(attachment.filename),
        size=size,
        sha256=digest,
        width=width,
        height=height,
        file=attachment.file,
        thumbnail=attachment.thumbnail,
        next_attempt_at=None,
    )


def _picture(file: IO[bytes]) -> tuple[int | None, int | None, bytes | None]:
    """Width, height and a small copy without the original's metadata; nothing of a picture that cannot be read."""
    file.seek(0)
    try:
        with Image.open(file) as image:
            if image.width * image.height > PIXEL_LIMIT:
                return image.width, image.height, None
            upright = ImageOps.exif_transpose(image)
            width, height = upright.size
            upright.thumbnail(THUMBNAIL)
            small = io.BytesIO()
            upright.convert("RGBA" if "A" in upright.getbands() else "RGB").save(small, "WEBP", quality=80)
            return width, height, small.getvalue()
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        logger.info("A picture could not be read: %s", error)
        return None, None, None


def safe_filename(name: str) -> str:
    """A name without path parts, control and direction characters; accents stay."""
    plain = "".join(character for character in name if unicodedata.category(character) not in {"Cc", "Cf", "Cs"})
    return _UNSAFE.sub("_", plain.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]).strip(". ")[:200]
