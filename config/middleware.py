"""What every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Own scripts and styles only, from files. `blob:` and `data:` show a picture before it is sent.
_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(_DIRECTIVES)


class ContentSecurityPolicyMiddleware:
    """Forbids inline scripts and styles, and everything from elsewhere. A view that sets its own policy keeps it."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response
