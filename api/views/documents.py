"""The OpenAPI document, and a page to try it out."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

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
    url_name = "api:schema"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response["Content-Security-Policy"] = _SWAGGER
        return response


@extend_schema(exclude=True)
class NothingView(APIView):
    """Any other address under /api/: a problem in JSON, not a page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
