"""The way in and out of every Graph endpoint: token, errors, log."""

import json
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from simulator import exchanges
from simulator.errors import NO_TOKEN, GraphError, HungUpError, invalid
from simulator.live import Change, audience

View = Callable[..., Any]
AsyncView = Callable[..., Coroutine[Any, Any, HttpResponseBase]]
MULTIPART = "(multipart)"


def endpoint(*methods: str) -> Callable[[View], AsyncView]:
    """A Graph endpoint: the view returns what becomes JSON (or a response), or raises GraphError or HungUpError.

    An ordinary function runs in a thread, an async one on the loop.
    """

    def decorate(view: View) -> AsyncView:
        run = view if iscoroutinefunction(view) else sync_to_async(view)

        @csrf_exempt
        @wraps(view)
        async def wrapped(request: HttpRequest, **ids: str) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return await _logged(request, lambda: _answer(run, request, ids))

        return wrapped

    return decorate


async def _answer(run: View, request: HttpRequest, ids: dict[str, str]) -> HttpResponse:
    try:
        _require_token(request)
        result = await run(request, **ids)
    except GraphError as error:
        return JsonResponse(error.as_json(), status=error.http_status)
    return result if isinstance(result, HttpResponse) else JsonResponse(result)


def _require_token(request: HttpRequest) -> None:
    """Any token will do, but there has to be one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if not (kind == "Bearer" and token.strip()) and not request.GET.get("access_token"):
        raise NO_TOKEN


async def _logged(request: HttpRequest, answer: Callable[[], Awaitable[HttpResponse]]) -> HttpResponseBase:
    """Put the exchange in the log, also when the client gave up waiting or was hung up on."""
    at, started = timezone.now(), time.perf_counter()
    sent = MULTIPART if request.content_type == "multipart/form-data" else request.body
    response: HttpResponse | None = None
    try:
        response = await answer()
    except HungUpError:
        request.scope["simulator.hang_up"]()  # type: ignore[attr-defined]  # ASGIRequest has it
        return HttpResponse(status=503)
    finally:
        exchange = exchanges.record(
            at=at,
            is_webhook=False,
            method=request.method,
            path=request.get_full_path().removeprefix("/simulator/graph"),
            sent=sent,
            status=response.status_code if response is not None else None,
            received=_readable(response) if response is not None else "",
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
            note="",
        )
        audience.tell(Change("exchange", exchange=exchange))
    return response


def _readable(response: HttpResponse) -> bytes:
    is_json = response["Content-Type"].startswith("application/json")
    return response.content if is_json else f"({response['Content-Type']}, {len(response.content)} bytes)".encode()


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The body as an object. Raises GraphError 100 for anything else."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise invalid("The request body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object.")
    return body
