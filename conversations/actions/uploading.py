"""Files that people bring: taken in whole or in parts, one copy per tenant, forgotten when nobody sends them."""

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.errors import BadRequest, Conflict, NotFound, TooLarge
from conversations.filenames import safe_filename
from conversations.models import Attachment, AttachmentState, Upload
from conversations.sniffing import START, has_preview, sniff
from tenancy.ids import uuid7
from tenancy.scope import current_tenant_id

CHUNK = 256 * 1024
PRUNED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Contents:
    """A file on its way in. `digest` is its sha256, hexadecimal; `size` in bytes."""

    file: IO[bytes]
    filename: str
    mime_type: str
    digest: str
    size: int


def check_size(size: int) -> None:
    """Raise BadRequest or TooLarge for what is no file or a file beyond settings.UPLOAD_LIMIT."""
    if size <= 0:
        raise BadRequest(fields={"file": _("The file is empty.")})
    if size > settings.UPLOAD_LIMIT:
        raise TooLarge(_("A file may have %(limit)s.") % {"limit": filesizeformat(settings.UPLOAD_LIMIT)})


def upload_file(file: IO[bytes], *, by: User, filename: str = "", declared: str = "") -> Attachment:
    """Take in a whole file as an attachment of no message yet. Raises BadRequest, TooLarge."""
    contents = examine(file, filename=filename, declared=declared)
    check_size(contents.size)
    return _store(Attachment(tenant_id=current_tenant_id(), uploaded_by=by), contents)


def examine(file: IO[bytes], *, filename: str = "", declared: str = "") -> Contents:
    """Read a file once: what it is, its digest and its size."""
    file.seek(0)
    digest, size, start = hashlib.sha256(), 0, file.read(START)
    chunk = start
    while chunk:
        digest.update(chunk)
        size += len(chunk)
        chunk = file.read(CHUNK)
    name = safe_filename(filename)
    return Contents(file, name, sniff(start, filename=name, declared=declared), digest.hexdigest(), size)


def share_file(attachment: Attachment, contents: Contents) -> bool:
    """Let `attachment` have the copy that the tenant has of the same bytes; False if there is none (any more).

    Inside the transaction that stores it: the other row stays locked, so that nobody prunes what they share.
    """
    same = Attachment.objects.filter(sha256=contents.digest, size=contents.size, state=AttachmentState.READY)
    twin = same.exclude(file="").order_by("id").select_for_update(no_key=True).first()
    if twin is None or not twin.file.storage.exists(twin.file.name or ""):
        return False
    attachment.file.name, attachment.thumbnail.name = twin.file.name, twin.thumbnail.name
    attachment.width, attachment.height = twin.width, twin.height
    return True


def keep_file(attachment: Attachment, contents: Contents) -> None:
    """Store a copy of its own. Outside of any transaction: a bucket takes its time."""
    contents.file.seek(0)
    attachment.file.save("file", File(contents.file), save=False)


def _store(attachment: Attachment, contents: Contents) -> Attachment:
    attachment.state, attachment.size, attachment.sha256 = AttachmentState.READY, contents.size, contents.digest
    attachment.filename, attachment.mime_type = contents.filename, contents.mime_type
    with transaction.atomic():
        if share_file(attachment, contents):
            return _insert(attachment)
    keep_file(attachment, contents)
    return _insert(attachment)


def _insert(attachment: Attachment) -> Attachment:
    if has_preview(attachment.mime_type) and not attachment.thumbnail:
        attachment.next_attempt_at = timezone.now()
    attachment.save(force_insert=True)
    return attachment


def begin_upload(*, by: User, length: int, filename: str = "", declared: str = "") -> Upload:
    """Announce a file that comes in parts. Raises BadRequest, TooLarge."""
    check_size(length)
    return Upload.objects.create(
        uploaded_by=by,
        length=length,
        filename=safe_filename(filename),
        mime_type=declared[:120],
        expires_at=timezone.now() + timedelta(hours=settings.UPLOAD_HOURS),
    )


def add_part(upload: Upload, part: IO[bytes], *, offset: int, size: int) -> Upload:
    """Keep the next `size` bytes; with the last of them the attachment is there. Raises Conflict, TooLarge."""
    if offset != upload.offset:
        raise Conflict(_("The file continues at %(offset)s.") % {"offset": upload.offset})
    if offset + size > upload.length:
        raise TooLarge(_("This is more than was announced."))
    if size:
        _keep_part(upload, part, size)
    if upload.offset == upload.length and not Attachment.objects.filter(pk=upload.pk).exists():
        _complete(upload)
    return upload


def _keep_part(upload: Upload, part: IO[bytes], size: int) -> None:
    name = default_storage.save(f"{upload.tenant_id}/{upload.pk}/part-{uuid7()}", File(part))
    parts, offset = [*upload.parts, name], upload.offset + size
    if Upload.objects.filter(pk=upload.pk, offset=upload.offset).update(offset=offset, parts=parts) != 1:
        default_storage.delete(name)  # the same part came twice at once, or the upload was ended
        raise Conflict(_("The file continues elsewhere."))
    upload.parts, upload.offset = parts, offset


def _complete(upload: Upload) -> None:
    """Make the attachment. Twice at the same moment: one of them finds the other's row, or the parts gone."""
    made = Attachment(pk=upload.pk, tenant_id=upload.tenant_id, uploaded_by=upload.uploaded_by)
    try:
        _put_together(upload, made)
    except IntegrityError:
        _delete_files(_spare({made.file.name or ""}, {made.sha256}))
    except FileNotFoundError:
        if not Attachment.objects.filter(pk=upload.pk).exists():
            raise
    if Upload.objects.filter(pk=upload.pk).update(parts=[]):
        _delete_files(upload.parts)
    upload.parts = []


def _put_together(upload: Upload, made: Attachment) -> None:
    with tempfile.TemporaryFile() as whole:
        for name in upload.parts:
            with default_storage.open(name, "rb") as part:
                whole.writelines(part.chunks(CHUNK))
        _store(made, examine(whole, filename=upload.filename, declared=upload.mime_type))


def record_media_id(attachment: Attachment, *, media_id: str, expires_at: datetime) -> None:
    """WhatsApp has a copy of the file under this id, for a while."""
    attachment.media_id, attachment.media_expires_at = media_id, expires_at
    attachment.save(update_fields=["media_id", "media_expires_at"])


def end_upload(upload: Upload) -> None:
    """Forget an upload and what has come of it; a file that was sent already stays. Raises NotFound the second time."""
    with transaction.atomic():
        row = Upload.objects.filter(pk=upload.pk).select_for_update().first()
        if row is None:
            raise NotFound
        unsent = Attachment.objects.filter(pk=upload.pk, message=None)
        names = [*row.parts, *_forget(unsent)]
        row.delete()
    _delete_files(names)


def discard(attachment: Attachment) -> None:
    """Forget an uploaded file that hangs on no message. Raises Conflict for one that does."""
    with transaction.atomic():
        unsent = Attachment.objects.filter(pk=attachment.pk, message=None)
        if not unsent.exists():
            raise Conflict(_("This file has been sent."))
        names = _forget(unsent)
        Upload.objects.filter(pk=attachment.pk).delete()
    _delete_files(names)


def prune_uploads(now: datetime) -> int:
    """Forget the current tenant's uploads that nobody finished or sent in time; returns how many rows went."""
    with transaction.atomic():
        expired = list(Upload.objects.filter(expires_at__lt=now).select_for_update(skip_locked=True)[:PRUNED_AT_ONCE])
        ids = [row.pk for row in orphans(now).order_by("id")[:PRUNED_AT_ONCE]]
        names = [name for upload in expired for name in upload.parts]
        names += _forget(Attachment.objects.filter(pk__in=ids, message=None))
        Upload.objects.filter(pk__in=[upload.pk for upload in expired]).delete()
    _delete_files(names)
    return len(expired) + len(ids)


def orphans(now: datetime) -> QuerySet[Attachment]:
    """Files that were uploaded and never sent, for longer than settings.UPLOAD_HOURS."""
    return Attachment.objects.filter(message=None, created_at__lt=now - timedelta(hours=settings.UPLOAD_HOURS))


def _forget(attachments: QuerySet[Attachment]) -> list[str]:
    """Delete rows that are on no message; returns the names of files that no other row of the tenant needs."""
    rows = list(attachments.order_by("id").select_for_update())
    names = {name for row in rows for name in (row.file.name, row.thumbnail.name) if name}
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return _spare(names, {row.sha256 for row in rows})


def _spare(names: set[str], digests: set[str]) -> list[str]:
    """Those of these files that no row of the tenant needs. By their digests, which have an index: names have none."""
    needing = Attachment.objects.filter(Q(file__in=names) | Q(thumbnail__in=names), sha256__in=digests)
    return sorted(names - {name for pair in needing.values_list("file", "thumbnail") for name in pair})


def _delete_files(names: Iterable[str]) -> None:
    """After the commit: a file too many does no harm, one too few does."""
    for name in names:
        default_storage.delete(name)
