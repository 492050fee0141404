"""What machines ask about this process: can it work (/readyz), how is it doing (/metrics). /healthz is in asgi.py."""

from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

from config import metrics, pulse
from realtime import drain
from realtime.store import synchronous
from whatsapp import ingester

LOOPBACK = ("127.0.0.1", "::1")
FINE = "ok"


class ProbeMiddleware:
    """Answers probes before anything else looks at them: they name no host, carry no cookie and belong to no tenant."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path, self.respond)(request)


def readyz(request: HttpRequest) -> HttpResponse:
    """200 if database, Redis, an ingester and a worker for every queue are there and we are not leaving.

    Else 503 and what is missing. A handful of round trips: it may be asked every second.
    """
    parts = {
        "database": _database(),
        "redis": _redis(),
        "ingest": _ingest(),
        "workers": _workers(),
        "process": _process(),
    }
    missing = [name for name, state in parts.items() if state != FINE]
    if not _is_trusted(request):  # reasons name hosts and queues
        parts = {name: FINE if state == FINE else "not ok" for name, state in parts.items()}
    status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
    return JsonResponse({**parts, "missing": missing}, status=status)


def show_metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for this machine or whoever knows METRICS_TOKEN."""
    if not _is_trusted(request):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return _sentence(error)
    return FINE


def _redis() -> str:
    try:
        synchronous().ping()
    except RedisError as error:
        return _sentence(error)
    return FINE


def _ingest() -> str:
    try:
        return FINE if ingester.is_led() else "none"
    except DatabaseError:
        return "unknown without database"


def _workers() -> str:
    try:
        missing = pulse.missing()
    except RedisError:
        return "unknown without redis"
    return f"none for {', '.join(missing)}" if missing else FINE


def _process() -> str:
    return "leaving" if drain.is_draining() else FINE


def _sentence(error: Exception) -> str:
    """The first line: what follows may quote the connection's details."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _is_trusted(request: HttpRequest) -> bool:
    """Whether this machine asks, or somebody who knows METRICS_TOKEN."""
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(shown.encode(), settings.METRICS_TOKEN.encode())
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded


PROBES = {"/readyz": readyz, "/readyz/": readyz, "/metrics": show_metrics, "/metrics/": show_metrics}
