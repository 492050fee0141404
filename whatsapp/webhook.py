"""Where Meta knocks: check the signature, commit the raw body, answer. No parsing of meaning happens here.

Two ways in, which judge and store alike: `asgi_app`, which config/asgi.py puts before Django's middleware (and where
concurrent requests share a commit), and `WebhookView` for everything else.
"""

import logging
from typing import Any
from urllib.parse import parse_qs

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from whatsapp import bell, gate, inbox, letterbox
from whatsapp.gate import BAD_METHOD, OK, TOO_LARGE, UNAVAILABLE, Answer

_WORDS = ("hub.mode", "hub.verify_token", "hub.challenge")

logger = logging.getLogger(__name__)


@method_decorator(csrf_exempt, name="dispatch")
class WebhookView(View):
    """The webhook behind Django's middleware."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Verify the subscription."""
        return _response(gate.subscribe(*(request.GET.get(word, "") for word in _WORDS)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take in one body."""
        try:
            gate.secrets.refresh()
            verdict = gate.judge(request.body, request.headers.get("X-Hub-Signature-256"))
            if isinstance(verdict, Answer):
                return _response(verdict)
            inbox.store([verdict])
        except RequestDataTooBig:
            return _response(TOO_LARGE)
        except (DatabaseError, InterfaceError):
            logger.exception("A webhook could not be stored.")
            return _response(UNAVAILABLE)
        bell.ring()
        return _response(OK)


def _response(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.text, status=answer.status, content_type="text/plain; charset=utf-8")


async def asgi_app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """`/webhooks/whatsapp` as a bare ASGI application."""
    match scope["method"]:
        case "GET" | "HEAD":
            answer = await _subscribe(scope["query_string"])
        case "POST":
            answer = await take_in(scope, receive)
        case _:
            answer = BAD_METHOD
    await _send(answer, send)


async def _subscribe(query_string: bytes) -> Answer:
    query = parse_qs(query_string.decode("latin-1"))
    mode, token, challenge = (query.get(word, [""])[0] for word in _WORDS)
    try:
        return await letterbox.current().subscribe(mode, token, challenge)
    except (DatabaseError, InterfaceError):
        return UNAVAILABLE


async def take_in(scope: dict[str, Any], receive: Any) -> Answer:
    """One POST: whatever went wrong, Meta learns whether to send it again."""
    body = await _body(receive)
    if body is None:
        return TOO_LARGE
    signature = dict(scope["headers"]).get(b"x-hub-signature-256")
    box = letterbox.current()
    try:
        if gate.secrets.is_stale:
            await box.read_secrets()
        verdict = gate.judge(body, signature.decode("latin-1") if signature is not None else None)
        if isinstance(verdict, Answer):
            return verdict
        await box.put(verdict)
    except Exception:
        logger.exception("A webhook could not be stored.")
        return UNAVAILABLE
    return OK


async def _body(receive: Any) -> bytes | None:
    """The whole body; None as soon as it is too large."""
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return bytes(body)
        body += event.get("body", b"")
        if len(body) > gate.BODY_LIMIT:
            return None
        if not event.get("more_body"):
            return bytes(body)


async def _send(answer: Answer, send: Any) -> None:
    body = answer.text.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
