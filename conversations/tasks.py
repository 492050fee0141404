"""What workers do about files: previews of what was uploaded, and forgetting what nobody sent."""

from datetime import timedelta

from celery import shared_task
from django.core.files.base import ContentFile
from django.utils import timezone

from conversations.actions import prune_uploads as prune
from conversations.actions import store_attachment
from conversations.actions.uploading import orphans
from conversations.models import Attachment, AttachmentState, Upload
from conversations.previews import preview
from tenancy.scope import every_tenant, tenant_scope
from tenancy.tasks import TenantTask

ATTEMPTS = 3  # a file that brings a worker down does not bring it down for ever
WAIT = timedelta(minutes=2)
AT_ONCE = 200
OVERDUE = timedelta(seconds=10)  # its own bell should have been heard by then


@shared_task(base=TenantTask)
def make_preview(_tenant_id: str, attachment_id: str) -> None:
    """Make the small picture of an uploaded file, once; whoever shows it is told."""
    now = timezone.now()
    due = Attachment.objects.filter(pk=attachment_id, state=AttachmentState.READY, next_attempt_at__lte=now)
    row = due.exclude(message=None).select_related("message").first()
    if row is None:
        return
    later = now + WAIT if row.attempts + 1 < ATTEMPTS else None
    if due.filter(attempts=row.attempts).update(attempts=row.attempts + 1, next_attempt_at=later) != 1:
        return  # another worker has it
    with row.file.storage.open(row.file.name or "", "rb") as file:
        found = preview(file, row.mime_type)
    if found.thumbnail:
        row.thumbnail.save("thumbnail.webp", ContentFile(found.thumbnail), save=False)
    shown = {"width": found.width, "height": found.height, "thumbnail": row.thumbnail}
    store_attachment(row, next_attempt_at=None, **shown)


@shared_task
def make_previews_again() -> None:
    """Wake somebody for every preview whose own bell was lost."""
    with every_tenant():
        due = Attachment.objects.filter(state=AttachmentState.READY, next_attempt_at__lt=timezone.now() - OVERDUE)
        rows = list(due.exclude(message=None).values_list("tenant_id", "pk")[:AT_ONCE])
    for tenant_id, attachment_id in rows:
        make_preview.delay(str(tenant_id), str(attachment_id))


@shared_task
def prune_uploads() -> None:
    """Forget what nobody finished or sent."""
    now = timezone.now()
    with every_tenant():
        tenants = set(Upload.objects.filter(expires_at__lt=now).values_list("tenant_id", flat=True))
        tenants |= set(orphans(now).values_list("tenant_id", flat=True))
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            while prune(now):
                pass
