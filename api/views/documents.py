"""What machines can say: the OpenAPI document and a page to try it out, the AsyncAPI document and a page to read it."""

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import reference
from api.asyncapi import Json, document
from api.reference import Chapter

# Swagger UI styles itself inline and draws its icons from data addresses; its scripts come from our own files.
_SWAGGER = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


class SchemaView(SpectacularAPIView):
    """The OpenAPI document."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class DocsView(SpectacularSwaggerSplitView):
    """The document as a page. Works offline."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    template_name = "api/rest.html"
    url_name = "api:schema"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response["Content-Security-Policy"] = _SWAGGER
        return response


@require_safe
def socket_document(request: HttpRequest) -> HttpResponse:
    """The AsyncAPI document."""
    return HttpResponse(msgspec.json.encode(_document(request)), content_type="application/json")


@require_safe
def socket_docs(request: HttpRequest) -> HttpResponse:
    """The AsyncAPI document as a page. Works offline, without scripts."""
    made = _document(request)
    chapters = [
        Chapter("commands", _("Commands"), reference.commands(made)),
        Chapter("events", _("Events"), reference.events(made)),
        Chapter("objects", _("Objects"), reference.objects(made)),
    ]
    return render(request, "api/socket.html", {"document": made, "chapters": chapters})


def _document(request: HttpRequest) -> Json:
    return document(request.get_host(), secure=request.is_secure())


@extend_schema(exclude=True)
class NothingView(APIView):
    """Any other address under /api/: a problem in JSON, not a page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
