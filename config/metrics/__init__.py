"""Figures of the whole installation for Prometheus: every web process gives the same ones, so ask one of them.

They are read from PostgreSQL, and from what all processes write to Redis, at the moment when they are asked for. So
nothing has to be kept in files for prometheus_client's multi-process mode, and what a killed process counted is gone.
"""

from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from config.metrics import rows, sockets, tasks

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_PARTS: dict[str, tuple[Callable[[], Iterable[Metric]], ...]] = {
    "database": (rows.families,),
    "redis": (sockets.families, tasks.families),
}


class _Installation(Collector):
    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("recado_up", "Whether a part that the figures come from answers.", labels=["part"])
        for part, sources in _PARTS.items():
            found = _asked(sources)
            up.add_metric([part], found is not None)
            yield from found or ()
        yield up


def _asked(sources: Iterable[Callable[[], Iterable[Metric]]]) -> list[Metric] | None:
    """All that a part has to say, or None while it is away."""
    try:
        return [family for source in sources for family in source()]
    except (DatabaseError, RedisError):
        return None


_registry = CollectorRegistry()
_registry.register(_Installation())


def text() -> bytes:
    """All figures in Prometheus' text format; those that cannot be had are left out."""
    return generate_latest(_registry)
