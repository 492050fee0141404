"""Figures of the whole installation, in Prometheus' text format: every process gives the same ones."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min
from django.utils import timezone
from redis.exceptions import RedisError

from conversations.models import Message
from conversations.statuses import Direction, MessageStatus
from realtime import stats
from tenancy.scope import every_tenant
from whatsapp.models import Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure. `label` is `name="value"`, or empty."""

    name: str
    help: str
    value: float
    label: str = ""


def text() -> str:
    """All figures; those that cannot be had are left out."""
    lines: list[str] = []
    known: set[str] = set()
    for gauge in _gauges():
        if gauge.name not in known:
            known.add(gauge.name)
            lines += [f"# HELP {gauge.name} {gauge.help}", f"# TYPE {gauge.name} gauge"]
        label = f"{{{gauge.label}}}" if gauge.label else ""
        lines.append(f"{gauge.name}{label} {gauge.value:g}")
    return "\n".join([*lines, ""])


def _gauges() -> Iterator[Gauge]:
    yield from _deliveries()
    with every_tenant():
        messages = _messages()
    yield from messages
    yield from _sockets()


def _deliveries() -> Iterator[Gauge]:
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING).aggregate(
        count=Count("pk"), since=Min("received_at")
    )
    age = (timezone.now() - waiting["since"]).total_seconds() if waiting["since"] else 0
    failed = Delivery.objects.filter(state=DeliveryState.FAILED).count()
    yield Gauge("recado_deliveries", "Webhook bodies by state.", waiting["count"], 'state="pending"')
    yield Gauge("recado_deliveries", "Webhook bodies by state.", failed, 'state="failed"')
    yield Gauge("recado_oldest_pending_delivery_seconds", "Age of the oldest body that nobody has processed.", age)


def _messages() -> list[Gauge]:
    queued = {MessageStatus.PENDING: 0, MessageStatus.SENDING: 0}
    rows = Message.objects.filter(direction=Direction.OUTBOUND, status__in=queued).values_list("status")
    counts = {**queued, **dict(rows.annotate(count=Count("pk")))}
    return [
        Gauge("recado_messages", "Messages on their way to customers, by status.", count, f'status="{status.lower()}"')
        for status, count in counts.items()
    ]


def _sockets() -> Iterator[Gauge]:
    try:
        count = stats.read()["totalConnections"]
    except RedisError:
        return
    yield Gauge("recado_sockets", "Open sockets over all processes.", count)
