"""What people are told of the sockets: `/api/socket/stats`, and the admin's live page."""

from datetime import UTC, datetime
from uuid import UUID

from conversations.serializers import exact_moment
from events.objects import WireObject
from realtime import figures, stats
from realtime.figures import Process, Traffic, together
from realtime.meter import WINDOW_SECONDS
from realtime.tally import Transport


class TrafficObject(WireObject, frozen=True):
    """Times are milliseconds. Rates and times are of the last minute (null: nobody asked for anything), the counts
    since each process began. `messagesOut`: events that left together are one.
    """

    connections: int
    messages_in: int
    messages_out: int
    messages_in_per_second: float
    messages_out_per_second: float
    command_time_average: float | None
    command_time_p95: float | None
    errors: dict[str, int]
    rate_limited: int
    slow_closes: int


class ProcessObject(WireObject, frozen=True):
    """A web process or a TCP gateway. What concerns the machine is told to staff only, else null: its `host`, `pid`, by
    how many milliseconds its event loop was late at worst during the last minute, by how many events its sockets are
    behind.
    """

    id: str
    host: str | None
    pid: int | None
    started_at: str
    loop_lag: float | None
    events_behind: int | None
    traffic: TrafficObject
    transports: dict[str, TrafficObject]


class SocketStats(WireObject, frozen=True):
    """Over all processes. The first two count sockets as they are now, the others are two seconds old at most."""

    total_connections: int
    connections_by_tenant: dict[str, int]
    window_seconds: int
    traffic: TrafficObject
    transports: dict[str, TrafficObject]
    processes: list[ProcessObject]


def socket_stats(tenant_id: UUID | None) -> SocketStats:
    """A tenant's part, or all. Raises RedisError."""
    counts, processes = stats.read(tenant_id), figures.read(tenant_id)
    transports = {
        transport: together(process.transports.get(transport, Traffic()) for process in processes)
        for transport in Transport
    }
    return SocketStats(
        total_connections=counts["totalConnections"],
        connections_by_tenant=counts["connectionsByTenant"],
        window_seconds=int(WINDOW_SECONDS),
        traffic=_traffic(together(transports.values())),
        transports={transport: _traffic(traffic) for transport, traffic in transports.items()},
        processes=[_process(process, is_whole=tenant_id is None) for process in processes],
    )


def _process(process: Process, *, is_whole: bool) -> ProcessObject:
    about = process.about
    return ProcessObject(
        id=process.name.rpartition(".")[2],
        host=about.host if is_whole else None,
        pid=about.pid if is_whole else None,
        started_at=exact_moment(datetime.fromtimestamp(about.began_at, UTC)),
        loop_lag=_milliseconds(about.lag) if is_whole else None,
        events_behind=about.behind if is_whole else None,
        traffic=_traffic(together(process.transports.values())),
        transports={transport: _traffic(traffic) for transport, traffic in process.transports.items()},
    )


def _traffic(traffic: Traffic) -> TrafficObject:
    total, recent = traffic.total, traffic.recent
    return TrafficObject(
        connections=total.connections,
        messages_in=total.messages_in,
        messages_out=total.messages_out,
        messages_in_per_second=round(traffic.in_per_second, 2),
        messages_out_per_second=round(traffic.out_per_second, 2),
        command_time_average=_milliseconds(recent.average),
        command_time_p95=_milliseconds(recent.quantile(0.95)),
        errors=dict(sorted(total.errors.items())),
        rate_limited=total.rate_limited,
        slow_closes=total.slow_closes,
    )


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 2)
