"""What waits in PostgreSQL, and for how long. Every count goes over a partial index of what waits."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Min, Sum
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from conversations.models import Attachment, AttachmentState, Message
from conversations.statuses import Direction, MessageStatus
from events.models import Counter
from tenancy.scope import every_tenant
from whatsapp import ingester
from whatsapp.models import Delivery, DeliveryState, Number, NumberState


def families() -> Iterator[Metric]:
    """Raises DatabaseError."""
    with every_tenant():
        found = [*_deliveries(), *_messages(), *_others()]
    yield from found


def _deliveries() -> Iterator[Metric]:
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING).aggregate(
        count=Count("pk"), since=Min("received_at")
    )
    counts = {"pending": waiting["count"], "failed": Delivery.objects.filter(state=DeliveryState.FAILED).count()}
    yield _by("recado_deliveries", "Webhook bodies by state.", "state", counts)
    yield _one(
        "recado_oldest_pending_delivery_seconds", "Age of the oldest body that waits.", _seconds_since(waiting["since"])
    )
    yield _one("recado_ingest_lag_seconds", "How long the newest body that was processed had waited.", _lag())
    yield _one("recado_ingester", "Whether an ingester is at work.", ingester.is_led())


def _lag() -> float:
    processed = Delivery.objects.exclude(processed_at=None).annotate(lag=F("processed_at") - F("received_at"))
    newest = processed.order_by("-pk").values_list("lag", flat=True).first()
    return newest.total_seconds() if newest else 0.0


def _messages() -> Iterator[Metric]:
    waiting = Message.objects.filter(direction=Direction.OUTBOUND, status__in=_ON_THEIR_WAY)
    counts = dict(waiting.values_list("status").annotate(count=Count("pk")))
    oldest = waiting.filter(status=MessageStatus.PENDING).aggregate(since=Min("received_at"))["since"]
    yield _by(
        "recado_messages",
        "Messages on their way to customers, by status.",
        "status",
        {status.lower(): counts.get(status, 0) for status in _ON_THEIR_WAY},
    )
    yield _one(
        "recado_oldest_pending_message_seconds",
        "Age of the oldest message that nobody has begun to send.",
        _seconds_since(oldest),
    )


_ON_THEIR_WAY = (MessageStatus.PENDING, MessageStatus.SENDING)


def _others() -> Iterator[Metric]:
    fetching = Attachment.objects.filter(state=AttachmentState.PENDING).exclude(message=None).count()
    yield _one("recado_files_pending", "Customers' files that have not been fetched from WhatsApp.", fetching)
    numbers = dict(Number.objects.values_list("state").annotate(count=Count("pk")))
    by_state = {state.lower(): numbers.get(state, 0) for state in NumberState}
    yield _by("recado_numbers", "WhatsApp numbers by state.", "state", by_state)
    events = Counter.objects.aggregate(count=Sum("seq"))["count"] or 0
    yield CounterMetricFamily(
        "recado_events", "Events in the logs of all tenants, since their beginning.", float(events)
    )


def _seconds_since(at: datetime | None) -> float:
    return max(0.0, (timezone.now() - at).total_seconds()) if at else 0.0


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, float(value))


def _by(name: str, meaning: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
