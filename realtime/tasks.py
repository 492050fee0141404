"""Celery's part of the event log: old events go. And what a worker process does before it ends."""

from datetime import timedelta

from celery import shared_task
from celery.signals import worker_process_shutdown
from django.conf import settings
from django.utils import timezone

from events import log
from realtime import publisher
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


@shared_task
def prune_event_logs() -> int:
    """Delete every tenant's events older than EVENT_LOG_DAYS; returns how many went."""
    before = timezone.now() - timedelta(days=settings.EVENT_LOG_DAYS)
    deleted = 0
    for tenant in Tenant.objects.all():
        with tenant_scope(tenant):
            while gone := log.prune(before):
                deleted += gone
    return deleted


@worker_process_shutdown.connect  # Celery's, not Django's; forked children skip atexit
def flush_publisher(**_: object) -> None:
    publisher.flush()
