"""Everything that goes wrong, as problem details (RFC 9457) with the socket's codes."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults
from msgspec import UNSET, UnsetType, field
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.rendering import WireRenderer
from conversations.answers import STATUSES
from conversations.errors import DomainError
from events.objects import WireObject

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_CODES: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "unauthenticated",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limited",
    HTTPStatus.SERVICE_UNAVAILABLE: "internal",
}


class Problem(WireObject, frozen=True):
    """Why a request was not done. `fields` says what was wrong where; `current` is what stands instead."""

    code: str
    title: str
    status: int
    detail: str
    type: str = "about:blank"
    fields: dict[str, str] = field(default_factory=dict)
    current: Any = UNSET
    retry_after_ms: int | UnsetType = UNSET


class Unavailable(exceptions.APIException):
    """A part of the installation is away for the moment."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE


def problem_response(error: Exception, _context: Mapping[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER."""
    set_rollback()
    if isinstance(error, DomainError):
        return _of_domain(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is no such thing here."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.APIException):
        return _of_drf(error)
    if isinstance(error, RequestDataTooBig):
        return _response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", _("This is too long."))
    logger.error("An endpoint failed", exc_info=error)
    return _response(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", _our_fault())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: what fails before an endpoint is reached, as when the database is away, is a problem too."""
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    problem = Problem(code="internal", title=status.phrase, status=status, detail=_our_fault())
    return HttpResponse(WireRenderer().render(problem), status=status, content_type=MEDIA_TYPE)


def _our_fault() -> str:
    return _("Something went wrong here. It has been written down.")


def _of_domain(error: DomainError) -> Response:
    current = UNSET if error.current is None else error.current
    return _response(STATUSES[error.code], error.code, error.message, fields=error.fields, current=current)


def _of_drf(error: exceptions.APIException) -> Response:
    status = HTTPStatus(error.status_code)
    code = "bad_json" if isinstance(error, exceptions.ParseError) else _CODES.get(status, "bad_request")
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(round(wait + 0.5))
        more["retry_after_ms"] = round(wait * 1000)
    response = _response(status, code, str(error.detail), **more)
    for name, value in headers.items():
        response[name] = value
    return response


def _response(status: HTTPStatus, code: str, detail: str, **more: Any) -> Response:
    problem = Problem(code=code, title=status.phrase, status=status, detail=detail, **more)
    return Response(problem, status, content_type=MEDIA_TYPE)
