"""Where Meta knocks: check the signature, commit the raw body, answer. No parsing of meaning happens here.

`judge` and `inbox.store` are shared by the two ways in: `asgi_app`, which config/asgi.py puts before Django's
middleware (requests of the same few milliseconds are committed together), and `WebhookView` for everything else.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from tenancy.scope import every_tenant
from whatsapp import doorbell, inbox
from whatsapp.models import Number
from whatsapp.numbers import SecretBook, signer
from whatsapp.payloads import NotJsonError, accounts_named, decode

BODY_LIMIT = 4 * 1024 * 1024  # bytes; Meta sends up to 3 MB

logger = logging.getLogger(__name__)
secrets = SecretBook()


@dataclass(frozen=True, slots=True)
class Answer:
    """What Meta is told."""

    status: int
    text: str = ""


OK = Answer(200, "ok")
NOT_JSON = Answer(400, "The body is not JSON.")
UNSIGNED = Answer(401, "The signature is missing or wrong.")
FORBIDDEN = Answer(403, "Wrong verify token.")
BAD_METHOD = Answer(405, "GET or POST.")
TOO_LARGE = Answer(413, "The body is too large.")
UNAVAILABLE = Answer(503, "The database is away; send it again.")


def judge(body: bytes, signature: str | None) -> inbox.Incoming | Answer:
    """A body worth storing, or why it is refused."""
    if len(body) > BODY_LIMIT:
        return TOO_LARGE
    try:
        accounts = accounts_named(decode(body))
    except NotJsonError:
        accounts = None
    if signature is None and settings.WHATSAPP_ACCEPT_UNSIGNED:
        signed_with: str | None = ""
    else:
        signed_with = signer(body, signature or "", secrets.candidates(accounts or ()))
    if signed_with is None:
        return UNSIGNED
    return NOT_JSON if accounts is None else inbox.incoming(body, signed_with)


def subscribe(mode: str, token: str, challenge: str) -> Answer:
    """Meta's GET when the address is entered: the bare challenge, if the token is ours or one of a number's."""
    tokens = [settings.WHATSAPP_VERIFY_TOKEN, *_number_tokens()] if mode == "subscribe" and token else []
    known = [each for each in tokens if each and constant_time_compare(each, token)]
    return Answer(200, challenge) if known else FORBIDDEN


def _number_tokens() -> list[str]:
    with every_tenant():
        return list(Number.objects.exclude(verify_token="").values_list("verify_token", flat=True))


@method_decorator(csrf_exempt, name="dispatch")
class WebhookView(View):
    """The webhook behind Django's middleware."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Verify the subscription."""
        words = (request.GET.get(f"hub.{name}", "") for name in ("mode", "verify_token", "challenge"))
        return _response(subscribe(*words))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take in one body."""
        try:
            secrets.refresh()
            verdict = judge(request.body, request.headers.get("X-Hub-Signature-256"))
            if isinstance(verdict, Answer):
                return _response(verdict)
            inbox.store([verdict])
        except RequestDataTooBig:
            return _response(TOO_LARGE)
        except (DatabaseError, InterfaceError):
            logger.exception("A webhook could not be stored.")
            return _response(UNAVAILABLE)
        doorbell.ring()
        return _response(OK)


def _response(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.text, status=answer.status, content_type="text/plain; charset=utf-8")


class _Letterbox:
    """Commits the bodies of concurrent requests together: while one statement runs, the next ones gather."""

    def __init__(self) -> None:
        # one thread, so one connection; a second for the bell, which must not hold up the next commit
        self.thread = ThreadPoolExecutor(1, "recado-inbox")
        self.bell = ThreadPoolExecutor(1, "recado-doorbell")
        self.gathered: list[tuple[inbox.Incoming, asyncio.Future[None]]] = []
        self.flushing: asyncio.Task[None] | None = None

    async def put(self, incoming: inbox.Incoming) -> None:
        """Return once `incoming` is committed. Raises DatabaseError when it cannot be."""
        done = asyncio.get_running_loop().create_future()
        self.gathered.append((incoming, done))
        if self.flushing is None:
            self.flushing = asyncio.create_task(self._flush())
        await done

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        while self.gathered:
            batch, self.gathered = self.gathered, []
            try:
                await loop.run_in_executor(self.thread, inbox.store, [incoming for incoming, _ in batch])
            except Exception as error:  # noqa: BLE001  every waiting request has to hear of it
                for _, done in batch:
                    _fail(done, error)
                continue
            for _, done in batch:
                if not done.done():
                    done.set_result(None)
            loop.run_in_executor(self.bell, doorbell.ring)
        self.flushing = None

    async def read_secrets(self) -> None:
        """Refresh the book of secrets; an old one serves while the database is away."""
        try:
            await asyncio.get_running_loop().run_in_executor(self.thread, secrets.refresh)
        except (DatabaseError, InterfaceError):
            if not secrets.read_at:
                raise

    async def close(self) -> None:
        """Let go of the threads and their connection."""
        await asyncio.get_running_loop().run_in_executor(self.thread, connections.close_all)
        self.thread.shutdown()
        self.bell.shutdown()


def _fail(done: asyncio.Future[None], error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)


_letterboxes: dict[asyncio.AbstractEventLoop, _Letterbox] = {}


def _letterbox() -> _Letterbox:
    loop = asyncio.get_running_loop()
    if loop not in _letterboxes:
        _letterboxes[loop] = _Letterbox()
    return _letterboxes[loop]


async def close() -> None:
    """For the end of the running event loop."""
    box = _letterboxes.pop(asyncio.get_running_loop(), None)
    if box:
        await box.close()


async def asgi_app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """`/webhooks/whatsapp` as a bare ASGI application."""
    match scope["method"]:
        case "GET" | "HEAD":
            answer = await _subscribe(scope["query_string"])
        case "POST":
            answer = await _take_in(scope, receive)
        case _:
            answer = BAD_METHOD
    await _answer(answer, send)


async def _subscribe(query_string: bytes) -> Answer:
    query = parse_qs(query_string.decode("latin-1"))
    words = [query.get(f"hub.{name}", [""])[0] for name in ("mode", "verify_token", "challenge")]
    try:
        return await asyncio.get_running_loop().run_in_executor(_letterbox().thread, subscribe, *words)
    except (DatabaseError, InterfaceError):
        return UNAVAILABLE


async def _take_in(scope: dict[str, Any], receive: Any) -> Answer:
    body = await _body(receive)
    if body is None:
        return TOO_LARGE
    headers = dict(scope["headers"])
    signature = headers.get(b"x-hub-signature-256")
    box = _letterbox()
    try:
        if secrets.is_stale:
            await box.read_secrets()
        verdict = judge(body, signature.decode("latin-1") if signature is not None else None)
        if isinstance(verdict, Answer):
            return verdict
        await box.put(verdict)
    except Exception:
        logger.exception("A webhook could not be stored.")
        return UNAVAILABLE
    return OK


async def _body(receive: Any) -> bytes | None:
    """The whole body; None as soon as it is too large."""
    parts, size = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > BODY_LIMIT:
            return None
        if not event.get("more_body"):
            return b"".join(parts)


async def _answer(answer: Answer, send: Any) -> None:
    body = answer.text.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
