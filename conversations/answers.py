"""How pages answer: what went wrong in the words of the wire for scripts, as a page for people."""

from functools import wraps
from http import HTTPStatus
from typing import ParamSpec

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.permissions import MemberRequest, MembersView
from conversations.errors import DomainError, NotFound

P = ParamSpec("P")

STATUSES = {
    "bad_request": HTTPStatus.BAD_REQUEST,
    "forbidden": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "conflict": HTTPStatus.CONFLICT,
    "window_closed": HTTPStatus.CONFLICT,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_by_channel": HTTPStatus.CONFLICT,
}

_encode = msgspec.json.Encoder().encode


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, rather than a person's browser."""
    return not request.accepts("text/html")


def json(data: object, status: int = HTTPStatus.OK) -> HttpResponse:
    """Any wire object as the answer."""
    return HttpResponse(_encode(data), status=status, content_type="application/json")


def answers_errors(view: MembersView[P]) -> MembersView[P]:
    """Turn a DomainError into an answer: the error object for scripts, a page with the sentence for people."""

    @wraps(view)
    def answered(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return _answer(request, error)

    return answered


def _answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    status = STATUSES[error.code]
    if wants_json(request):
        body = {"code": error.code, "message": error.message, "fields": error.fields, "current": error.current}
        return json({"error": body}, status)
    if isinstance(error, NotFound):
        raise Http404(error.message) from error
    return render(request, "problem.html", {"error": error}, status=status)
