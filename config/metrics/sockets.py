"""What connections do, by process. A process is named as long as it lives, so its counters only rise."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from realtime import figures
from realtime.figures import Process
from realtime.tally import BOUNDS, Tally, Transport

WHO = ("process", "transport")


def families() -> Iterator[Metric]:
    """Raises RedisError."""
    processes = figures.read()
    web = sum(process.about.is_web for process in processes)
    yield GaugeMetricFamily("recado_web_processes", "Web processes that are alive.", web)
    yield from _of_processes(processes)
    yield from _of_connections(list(_tallies(processes)))


def _of_processes(processes: Iterable[Process]) -> Iterator[Metric]:
    lag = GaugeMetricFamily(
        "recado_event_loop_lag_seconds", "How late the event loop was at worst in the last minute.", labels=["process"]
    )
    behind = GaugeMetricFamily(
        "recado_events_behind", "Events of one tenant that its sockets have not been told, at most.", labels=["process"]
    )
    for process in processes:
        lag.add_metric([process.name], process.about.lag)
        behind.add_metric([process.name], process.about.behind)
    yield from (lag, behind)


def _tallies(processes: Iterable[Process]) -> Iterator[tuple[tuple[str, Transport], Tally]]:
    for process in processes:
        for transport in Transport:
            traffic = process.transports.get(transport)
            yield (process.name, transport), traffic.total if traffic else Tally()


def _of_connections(tallies: list[tuple[tuple[str, Transport], Tally]]) -> Iterator[Metric]:
    sockets = GaugeMetricFamily("recado_sockets", "Open connections; for polling, who asked lately.", labels=WHO)
    messages = CounterMetricFamily("recado_socket_messages", "Messages in and out.", labels=[*WHO, "direction"])
    times = HistogramMetricFamily("recado_socket_command_seconds", "From request to reply.", labels=WHO)
    errors = CounterMetricFamily("recado_socket_errors", "Replies that were errors, by code.", labels=[*WHO, "code"])
    limited = CounterMetricFamily("recado_socket_rate_limited", "Requests that came too fast.", labels=WHO)
    slow = CounterMetricFamily("recado_socket_slow_closes", "Connections given up for reading too slowly.", labels=WHO)
    for who, tally in tallies:
        sockets.add_metric(who, tally.connections)
        messages.add_metric([*who, "in"], tally.messages_in)
        messages.add_metric([*who, "out"], tally.messages_out)
        times.add_metric(who, _buckets(tally), tally.seconds)
        limited.add_metric(who, tally.rate_limited)
        slow.add_metric(who, tally.slow_closes)
        for code, count in tally.errors.items():
            errors.add_metric([*who, code], count)
    yield from (sockets, messages, times, errors, limited, slow)


def _buckets(tally: Tally) -> list[tuple[str, float]]:
    return list(zip([*map(str, BOUNDS), "+Inf"], map(float, accumulate(tally.times)), strict=True))
