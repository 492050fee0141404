"""The door of machines: a bearer token names the person, before accounts.middleware asks whose tenant to enter."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts import tokens


class BearerMiddleware:
    """Makes the owner of a bearer token `request.user`, whatever cookies came along.

    Before the view, and not in it as DRF would: so the tenant's scope and the person's language cover all that follows.
    A token that lets nobody in makes the request a stranger's; it never falls back to the cookie.
    """

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = bearer_token(request)
        if token is not None:
            request.user = tokens.owner_of(token) or AnonymousUser()
        return self.respond(request)


def bearer_token(request: HttpRequest) -> str | None:
    """The token of `Authorization: Bearer …`, or None without such a header."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None
