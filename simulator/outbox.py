"""Putting webhook bodies in the postman's queue."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from simulator import bodies
from simulator.doorbell import doorbell
from simulator.models import Behaviour, Message, Webhook

Link = Webhook.messages.through
SIGNINGS = {
    Behaviour.Webhook.UNSIGNED.value: Webhook.Signing.NONE,
    Behaviour.Webhook.BAD_SIGNATURE.value: Webhook.Signing.BAD,
}


@transaction.atomic(savepoint=False)
def put(
    body: object,
    *,
    messages: Sequence[Message] = (),
    status: str = "",
    error_code: int | None = None,
    after_ms: float = 0,
    way: Behaviour | None = None,
) -> Webhook:
    """Queue a body for the helpdesk, bent the way the behaviour says; the postman wakes after the commit.

    `messages` are the ones it tells of: their ticks follow it. Of duplicates, the second one is returned.
    """
    way = way or Behaviour()
    waiting = Webhook(
        body=bodies.encode(body),
        signing=SIGNINGS.get(way.webhook, Webhook.Signing.GOOD),
        lane=messages[0].chat.key if messages else "",
        status=status,
        error_code=error_code,
        due_at=timezone.now() + timedelta(milliseconds=after_ms, seconds=way.delay_seconds),
    )
    for _ in range(2 if way.webhook == Behaviour.Webhook.DUPLICATE else 1):
        waiting.pk = None
        waiting.save(force_insert=True)
        Link.objects.bulk_create(Link(webhook=waiting, message=message) for message in messages if message.pk)
    _drop_oldest()
    transaction.on_commit(doorbell.ring)
    return waiting


def _drop_oldest() -> None:
    """Keep the queue bounded: Meta forgets after some days, the simulator after QUEUE_LIMIT bodies."""
    oldest_kept = Webhook.objects.order_by("-pk").values_list("pk", flat=True)[settings.QUEUE_LIMIT - 1 :].first()
    if oldest_kept is not None:
        Webhook.objects.filter(pk__lt=oldest_kept).delete()
