"""Middleware that leaves the request on the event loop, where streams and held answers live."""

from collections.abc import Awaitable, Callable

from asgiref.sync import markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import async_only_middleware
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import Response as StaticResponse

Next = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise ships no types
    """WhiteNoise for ASGI: its own class would push every request of the stack into a thread."""

    sync_capable = False
    async_capable = True

    def __init__(self, get_response: Next) -> None:
        super().__init__(get_response)
        self.next = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = self.find_file(request.path_info)
        if found is None:
            return await self.next(request)
        return _whole(found.get_response(request.method, request.META))


def _whole(answer: StaticResponse) -> HttpResponse:
    """WhiteNoise's answer read at once: the files are small, and a file iterator would block the loop anyway."""
    response = HttpResponse(answer.file.read() if answer.file else b"", status=int(answer.status))
    for name, value in answer.headers:
        response[name] = value
    return response


@async_only_middleware
def security_headers(get_response: Next) -> Next:
    """No inline script or style, nothing from elsewhere."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return middleware
