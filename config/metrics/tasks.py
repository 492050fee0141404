"""The queues of Celery."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from config import pulse


def families() -> Iterator[Metric]:
    """Raises RedisError."""
    waiting, missing = pulse.waiting(), pulse.missing()
    length = GaugeMetricFamily("recado_queue_tasks", "Tasks that no worker has taken.", labels=["queue"])
    served = GaugeMetricFamily("recado_queue_served", "Whether a worker serves the queue.", labels=["queue"])
    for queue, count in waiting.items():
        length.add_metric([queue], count)
        served.add_metric([queue], queue not in missing)
    yield from (length, served)
