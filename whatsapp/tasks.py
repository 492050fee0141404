"""The doors of the workers: ids in, load, call. Every queue has its row, so a task may be lost or run twice."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from conversations.models import Attachment, AttachmentState, Message, Reaction
from conversations.statuses import Direction, MessageStatus
from tenancy.scope import every_tenant, tenant_scope
from tenancy.tasks import TenantTask
from whatsapp import doorbell, early, inbox, indicator, ingest, ingester, limits, media, reacting, sending, templates
from whatsapp.models import Delivery, DeliveryState, EarlyUpdate

OVERDUE = timedelta(seconds=3)  # a row that old should have been picked up by its own bell
AT_ONCE = 500
DELIVERIES_KEPT = timedelta(days=14)  # Meta retries for seven days
EARLY_KEPT = timedelta(days=7)


@shared_task
def drain_deliveries() -> None:
    """Take in what the ingester has left lying, if there is none."""
    with ingester.alone() as free:
        if free and ingest.drain():
            drain_deliveries.delay()


@shared_task(base=TenantTask)
def send_conversation(tenant_id: str, conversation_id: str) -> None:
    """Send what waits in one conversation; comes back by itself, once, for what has to wait a moment."""
    wait = sending.send_waiting(UUID(conversation_id))
    if wait is not None and limits.claim(f"come-back:{conversation_id}:{round(time.time() + wait)}", wait):
        send_conversation.apply_async((tenant_id, conversation_id), countdown=wait)


@shared_task(base=TenantTask)
def send_reaction(tenant_id: str, message_id: str) -> None:
    """Tell WhatsApp which emoji the business wants on a message; comes back by itself for what has to wait."""
    wait = reacting.send_waiting(UUID(message_id))
    if wait is not None:
        send_reaction.apply_async((tenant_id, message_id), countdown=wait)


@shared_task(base=TenantTask)
def show_typing(_tenant_id: str, conversation_id: str) -> None:
    """Show a customer that somebody is writing to them."""
    indicator.show(UUID(conversation_id))


@shared_task(base=TenantTask)
def fetch_attachment(tenant_id: str, attachment_id: str) -> None:
    """Fetch one file."""
    attachment = Attachment.objects.select_related("message").filter(pk=attachment_id).first()
    wait = media.fetch(attachment) if attachment else None
    if wait is not None:
        fetch_attachment.apply_async((tenant_id, attachment_id), countdown=wait)


@shared_task
def ring_again() -> None:
    """Wake somebody for every row whose own bell was lost."""
    overdue = timezone.now() - OVERDUE
    if Delivery.objects.filter(state=DeliveryState.PENDING, received_at__lt=overdue).exists():
        drain_deliveries.delay()
    with every_tenant():
        waiting, files, reactions = _unsent(overdue), _unfetched(overdue), _untold(overdue)
        tenants = early.tenants_overdue()
    _ring(send_conversation, waiting)
    _ring(send_reaction, reactions)
    _ring(fetch_attachment, files)
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            early.settle_overdue()


def _ring(task: "Task[Any, None]", rows: Sequence[tuple[UUID, UUID]]) -> None:
    """Rows wait as well as bells do: while the workers are held up these would only pile up in Redis."""
    queue = settings.CELERY_TASK_ROUTES[task.name]["queue"]
    for tenant_id, row_id in rows[: max(0, AT_ONCE - doorbell.waiting(queue))] if rows else ():
        task.delay(str(tenant_id), str(row_id))


def _unsent(overdue: datetime) -> list[tuple[UUID, UUID]]:
    due = Q(next_attempt_at=None, received_at__lt=overdue) | Q(next_attempt_at__lt=overdue)
    rows = Message.objects.filter(due, direction=Direction.OUTBOUND, status=MessageStatus.PENDING)
    return list(rows.values_list("tenant_id", "conversation_id").distinct()[:AT_ONCE])


def _unfetched(overdue: datetime) -> list[tuple[UUID, UUID]]:
    rows = Attachment.objects.filter(state=AttachmentState.PENDING, next_attempt_at__lt=overdue)
    return list(rows.values_list("tenant_id", "pk")[:AT_ONCE])


def _untold(overdue: datetime) -> list[tuple[UUID, UUID]]:
    due = Q(next_attempt_at=None, reacted_at__lt=overdue) | Q(next_attempt_at__lt=overdue)
    return list(Reaction.objects.filter(due, wanted__isnull=False).values_list("tenant_id", "message_id")[:AT_ONCE])


@shared_task
def reap_lost_sends() -> None:
    """Settle sends whose answer never came: nothing stays "sending" for ever."""
    now = timezone.now()
    with every_tenant():
        lost = Message.objects.filter(
            direction=Direction.OUTBOUND, status=MessageStatus.SENDING, next_attempt_at__lt=now
        )
        tenants = list(lost.values_list("tenant_id", flat=True).distinct())
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            sending.fail_lost_sends(now)


@shared_task(base=TenantTask)
def fetch_templates(_tenant_id: str, waba_id: str) -> None:
    """Fetch the templates of one account."""
    templates.fetch(waba_id)


@shared_task
def fetch_due_templates() -> None:
    """Have the templates of every account fetched for which it is time."""
    with every_tenant():
        accounts = templates.due(timezone.now())
    for tenant_id, waba_id in accounts:
        fetch_templates.delay(str(tenant_id), waba_id)


@shared_task
def prune() -> None:
    """Forget bodies and early updates that nobody will ask for any more."""
    now = timezone.now()
    while inbox.prune(now - DELIVERIES_KEPT):
        pass
    with every_tenant():
        EarlyUpdate.objects.filter(received_at__lt=now - EARLY_KEPT).delete()
