"""Files that customers send: fetched from Meta by a worker, sniffed, stored, with a small picture to show."""

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from conversations.actions import store_attachment
from conversations.actions.changes import lock
from conversations.actions.uploading import Contents, examine, keep_file, share_file
from conversations.models import Attachment, AttachmentState
from conversations.previews import Preview, preview
from conversations.sniffing import has_preview
from events.catalogue import MessageNew
from events.log import Committed
from events.objects import AttachmentObject
from whatsapp import doorbell, graph
from whatsapp.models import Number

SIZE_LIMIT = 100 * 1024 * 1024  # bytes; WhatsApp's own limit for what customers send
KEPT = timedelta(days=7)  # how long Meta keeps it for us
HOLD = timedelta(minutes=5)  # as long as the largest may take; so long one waits whose worker dies
FIRST_WAIT = 4.0  # seconds, four times as long after each attempt
LONGEST_WAIT = 3600.0
SOON = 60.0  # seconds; beat rings for what waits longer


def on_events(events: Sequence[Committed]) -> None:
    """Ring for every file that now waits to be fetched, and for every one that may have a preview."""
    for committed in events:
        if isinstance(committed.event, MessageNew):
            for attachment in committed.event.message.attachments:
                if task := _work_on(attachment):
                    doorbell.wake(task, str(committed.tenant_id), attachment.id)


def _work_on(attachment: AttachmentObject) -> str | None:
    if attachment.state == AttachmentState.PENDING:
        return "whatsapp.tasks.fetch_attachment"
    if attachment.thumbnail_url is None and has_preview(attachment.mime_type):
        return "conversations.tasks.make_preview"
    return None


def fetch(attachment: Attachment) -> float | None:
    """Fetch one file; returns after how many seconds to try again, None when it is settled or beat will ring for it."""
    now = timezone.now()
    claimed = Attachment.objects.filter(
        pk=attachment.pk, state=AttachmentState.PENDING, attempts=attachment.attempts, next_attempt_at__lte=now
    )
    if not claimed.update(attempts=attachment.attempts + 1, next_attempt_at=now + HOLD):
        return None  # another worker has it
    try:
        _fetch(attachment)
    except graph.GraphError as error:
        if _may_come_yet(attachment, error):
            return _postpone(attachment)
        store_attachment(attachment, state=AttachmentState.FAILED, error=error.detail[:240], next_attempt_at=None)
    return None


def _may_come_yet(attachment: Attachment, error: graph.GraphError) -> bool:
    """Until Meta has forgotten it, or says that it has none. A number may be connected again any time."""
    is_settled = isinstance(error, graph.Permanent) and not isinstance(error, graph.Reconnect | graph.Stopped)
    return not is_settled and timezone.now() < attachment.created_at + KEPT


def _postpone(attachment: Attachment) -> float | None:
    wait = min(FIRST_WAIT * 4.0 ** min(attachment.attempts, 10), LONGEST_WAIT)
    waiting = Attachment.objects.filter(pk=attachment.pk, state=AttachmentState.PENDING)
    waiting.update(next_attempt_at=timezone.now() + timedelta(seconds=wait))
    return wait if wait <= SOON else None


def fetch_now(number: Number) -> None:
    """What waits for its number to be connected again has waited long enough."""
    waiting = Attachment.objects.filter(message__number=number, state=AttachmentState.PENDING)
    waiting.update(next_attempt_at=timezone.now())


def _fetch(attachment: Attachment) -> None:
    if attachment.message is None or attachment.message.number_id is None:
        raise graph.Permanent("no_number", "the message has no number")
    number = Number.objects.get(pk=attachment.message.number_id)
    address = graph.media_address(number, attachment.media_id)
    with tempfile.TemporaryFile() as file:
        _receive(number, address, file)
        declared = address.mime_type or attachment.mime_type
        _store(attachment, examine(file, filename=attachment.filename, declared=declared))


def _receive(number: Number, address: graph.MediaAddress, file: IO[bytes]) -> None:
    size = 0
    with graph.download(number, address) as chunks:
        for chunk in chunks:
            size += len(chunk)
            if size > SIZE_LIMIT:
                raise graph.Permanent("too_large", "the file is larger than 100 MB")
            file.write(chunk)


def _store(attachment: Attachment, contents: Contents) -> None:
    found = preview(contents.file, contents.mime_type) if has_preview(contents.mime_type) else Preview()
    facts = {
        "state": AttachmentState.READY,
        "mime_type": contents.mime_type,
        "filename": contents.filename,
        "size": contents.size,
        "sha256": contents.digest,
        "width": found.width,
        "height": found.height,
        "next_attempt_at": None,
    }
    if not _store_shared(attachment, contents, facts):
        keep_file(attachment, contents)
        if found.thumbnail:
            attachment.thumbnail.save("thumbnail.webp", ContentFile(found.thumbnail), save=False)
        store_attachment(attachment, file=attachment.file, thumbnail=attachment.thumbnail, **facts)


@transaction.atomic
def _store_shared(attachment: Attachment, contents: Contents, facts: dict[str, Any]) -> bool:
    lock([attachment.message.conversation_id] if attachment.message else [])  # before the row whose file is shared
    if not share_file(attachment, contents):
        return False
    store_attachment(attachment, file=attachment.file, thumbnail=attachment.thumbnail, **facts)
    return True
