"""Pages about sockets, for those who administer: all connections in figures, and a look into one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError

from accounts.backoffice import sees_every_tenant
from accounts.permissions import Permission, needs
from realtime.report import SocketStats, TrafficObject, socket_stats
from realtime.tally import Transport
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id

MOST_TENANTS = 50
NAMES = {Transport.WEBSOCKET: "WebSocket", Transport.SOCKETIO: "Socket.IO", Transport.TCP: "TCP"}


def connections(request: HttpRequest) -> HttpResponse:
    """What is connected and how it fares: a tenant's part, or all for staff. As a fragment where a script asks."""
    tenant_id = None if sees_every_tenant(request) else current_tenant_id()
    try:
        context = _context(tenant_id)
    except RedisError:
        context = {"is_away": True}
    if "X-Recado-Fragment" in request.headers:
        return render(request, "admin/_connections.html", context)
    return render(
        request, "admin/connections.html", {**admin.site.each_context(request), "title": _("Connections"), **context}
    )


@require_GET
@needs(Permission.DEBUG, or_staff=True)
def debug(request: HttpRequest) -> HttpResponse:
    """Connect, join, send, and see every frame. Staff of the installation have no socket: they bring a token."""
    return render(request, "realtime/debug.html", {"place": "socket"})


def _context(tenant_id: UUID | None) -> dict[str, Any]:
    stats = socket_stats(tenant_id)
    return {
        "stats": stats,
        "transports": [(_transport_name(name), traffic) for name, traffic in stats.transports.items()],
        "processes": [(process, datetime.fromisoformat(process.started_at)) for process in stats.processes],
        "tenants": _busiest(stats) if tenant_id is None else [],
        "errors": sorted(stats.traffic.errors.items(), key=lambda error: -error[1]),
        "is_polled": _is_polled(stats.transports),
    }


def _transport_name(transport: str) -> str:
    return NAMES.get(Transport(transport)) or _("Polling over HTTP")


def _is_polled(transports: dict[str, TrafficObject]) -> bool:
    """Whether a proxy probably lets no socket through."""
    return transports[Transport.POLLING].connections > transports[Transport.WEBSOCKET].connections


def _busiest(stats: SocketStats) -> list[tuple[str, int]]:
    busiest = sorted(stats.connections_by_tenant.items(), key=lambda each: -each[1])[:MOST_TENANTS]
    names = {str(tenant.pk): tenant.name for tenant in Tenant.objects.filter(pk__in=dict(busiest))}
    return [(names.get(tenant_id, tenant_id), count) for tenant_id, count in busiest]
