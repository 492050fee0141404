"""Errors of the machine API, and its JSON bodies."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

View = Callable[..., Any]


class NonsenseError(Exception):
    """The request makes no sense; the text says why."""

    def as_response(self) -> JsonResponse:
        """400 with the reason."""
        return JsonResponse({"error": str(self)}, status=400)


def refuses_nonsense(view: View) -> View:
    """Turn a NonsenseError raised by the view, async or not, into its answer."""

    @wraps(view)
    async def on_the_loop(request: HttpRequest) -> HttpResponseBase:
        try:
            return cast("HttpResponseBase", await view(request))
        except NonsenseError as error:
            return error.as_response()

    @wraps(view)
    def in_a_thread(request: HttpRequest) -> HttpResponseBase:
        try:
            return cast("HttpResponseBase", view(request))
        except NonsenseError as error:
            return error.as_response()

    return on_the_loop if iscoroutinefunction(view) else in_a_thread


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The body as an object; an empty body is an empty one."""
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise NonsenseError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise NonsenseError("the body must be a JSON object")
    return body
