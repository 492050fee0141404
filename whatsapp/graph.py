"""Meta's Graph API: one pooled client per process, and errors that say what to do rather than which code came back.

Source: Cloud API reference and its table of error codes (docs/architecture.md names the pages).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import IO, Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from conversations.failures import FAILURES
from conversations.statuses import NOT_CONNECTED
from whatsapp.models import Number

_RECONNECT = {0, 190, 3, 10, 131005, 131045, 133010, 133000, 133006, *range(200, 300)}
_STOPPED = {368, 131031}
_NUMBER_RATE = {4, 80007, 130429}
_BUSY = {1, 2, 131000, 131016, 133004}
_LATER = {131057: 60.0}
_PAIR_RATE = 131056
TEMPLATES_A_PAGE = 100
TEMPLATE_PAGES = 100  # Meta allows an account 6,000 templates
_MEDIA_HOSTS = ("graph.facebook.com", "lookaside.fbsbx.com", ".fbcdn.net")


class GraphError(Exception):
    """A call that did not succeed. `code` is Meta's or ours, `detail` their words."""

    def __init__(self, code: int | str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = str(code), detail[:500]


class Permanent(GraphError):
    """It will never succeed like this."""


class Reconnect(Permanent):
    """The token no longer works: nothing can be sent over this number until somebody connects it again."""


class Stopped(Permanent):
    """WhatsApp has stopped the account: nothing can be sent until somebody has settled it with Meta."""


class Transient(GraphError):
    """It was certainly not accepted and may succeed later; `retry_after` in seconds, None for the usual back-off."""

    def __init__(self, code: int | str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(code, detail)
        self.retry_after = retry_after


class NumberRate(Transient):
    """Too much over this number, account or app at once: all of it has to wait."""


class PairRate(Transient):
    """Too many messages to this one customer."""


class LostAnswer(GraphError):
    """It may have been accepted: nobody knows, and asking again might do it twice."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What Meta answers to a send: the message's wamid, and the id by which it knows the recipient."""

    wamid: str
    wa_id: str


@cache
def _client() -> httpx.Client:
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=20, keepalive_expiry=30)
    timeout = httpx.Timeout(settings.GRAPH_TIMEOUT, connect=5)
    return httpx.Client(limits=limits, timeout=timeout, headers={"User-Agent": "Recado"})


def send(number: Number, body: dict[str, Any]) -> Accepted:
    """POST a message. Raises Permanent, Transient or LostAnswer."""
    answer = _call(number, "POST", f"{number.phone_number_id}/messages", json={"messaging_product": "whatsapp", **body})
    try:
        contacts = answer.get("contacts") or [{}]
        return Accepted(answer["messages"][0]["id"], contacts[0].get("wa_id") or "")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise LostAnswer("lost_answer", f"an answer without message id: {answer!r}") from error


def show_typing(number: Number, wamid: str) -> None:
    """Show the sender of this message that they are being answered, and that they have been read. Raises GraphError."""
    body = {"status": "read", "message_id": wamid, "typing_indicator": {"type": "text"}}
    _call(number, "POST", f"{number.phone_number_id}/messages", json={"messaging_product": "whatsapp", **body})


def templates(number: Number) -> Iterator[dict[str, Any]]:
    """All templates of the number's account, a page at a time, as Meta lists them. Raises Permanent, Transient."""
    asked = {"fields": "id,name,language,status,category,components", "limit": str(TEMPLATES_A_PAGE)}
    try:
        for _page in range(TEMPLATE_PAGES):
            answer = _call(number, "GET", f"{number.waba_id}/message_templates", params=asked)
            yield from (each for each in answer["data"] if isinstance(each, dict))
            paging = answer.get("paging") or {}
            if not paging.get("next"):
                return
            asked["after"] = str(paging["cursors"]["after"])  # never `next` itself: it may name any host
    except (LostAnswer, KeyError, TypeError, AttributeError) as error:
        raise Transient("lost_answer", str(error)) from error


@dataclass(frozen=True, slots=True)
class MediaAddress:
    """Where a file can be fetched for the next five minutes. `size` in bytes, None when not said."""

    url: str
    mime_type: str
    size: int | None


def media_address(number: Number, media_id: str) -> MediaAddress:
    """Resolve a media id. Raises Permanent when Meta no longer has it."""
    try:
        answer = _call(number, "GET", media_id, params={"phone_number_id": number.phone_number_id})
        return MediaAddress(str(answer["url"]), str(answer.get("mime_type") or ""), answer.get("file_size"))
    except (LostAnswer, KeyError) as error:
        raise Transient("lost_answer", str(error)) from error


def upload(number: Number, file: IO[bytes], *, filename: str, mime_type: str) -> str:
    """Give Meta a file, read as it is sent; returns its media id, good for 30 days. Raises Permanent, Transient."""
    form = {"messaging_product": "whatsapp", "type": mime_type}
    files = {"file": (filename, file, mime_type)}
    try:
        return str(_call(number, "POST", f"{number.phone_number_id}/media", data=form, files=files)["id"])
    except (LostAnswer, KeyError) as error:  # a copy that nobody points at does no harm
        raise Transient("lost_answer", str(error)) from error


@contextmanager
def download(number: Number, address: MediaAddress) -> Iterator[Iterator[bytes]]:
    """Stream a file in chunks. Only from Meta's hosts (or the configured Graph's own), never along a redirect."""
    _require_meta_host(address.url)
    headers = {"Authorization": f"Bearer {number.access_token}"}
    try:
        with _client().stream("GET", address.url, headers=headers, follow_redirects=False) as response:
            if response.status_code != httpx.codes.OK:
                raise Transient(response.status_code, "the file could not be fetched")
            yield response.iter_bytes(64 * 1024)
    except httpx.HTTPError as error:
        raise Transient("unreachable", str(error)) from error


def _require_meta_host(url: str) -> None:
    parts, own = urlsplit(url), urlsplit(settings.GRAPH_URL)
    host = parts.hostname or ""
    is_meta = parts.scheme == "https" and any(
        host == each or (each.startswith(".") and host.endswith(each)) for each in _MEDIA_HOSTS
    )
    is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc) and host not in _MEDIA_HOSTS
    if not (is_meta or is_own):
        raise Permanent("foreign_host", f"refused to fetch a file from {host}")


def _call(number: Number, method: str, path: str, **request: Any) -> dict[str, Any]:
    if not number.access_token:
        raise Reconnect(NOT_CONNECTED, "the number has no access token")
    url = f"{settings.GRAPH_URL}/{settings.GRAPH_VERSION}/{path}"
    try:
        response = _client().request(method, url, headers={"Authorization": f"Bearer {number.access_token}"}, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Transient("unreachable", str(error)) from error  # nothing was sent
    except httpx.HTTPError as error:
        raise LostAnswer("lost_answer", f"{type(error).__name__}: {error}") from error
    return _answer(response)


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if response.is_success and isinstance(answer, dict):
        return answer
    if response.is_success:
        raise LostAnswer("lost_answer", "an answer that is not JSON")
    error = answer.get("error") if isinstance(answer, dict) else None
    raise _classified(response, error if isinstance(error, dict) else {})


def _classified(response: httpx.Response, error: dict[str, Any]) -> GraphError:
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    detail = str(details or error.get("message") or f"HTTP {response.status_code}")
    code = error.get("code")
    if not isinstance(code, int):
        code = response.status_code
    # Meta answers what is wrong for good with 500 as well: of a code that we know its meaning counts
    is_busy = response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error
    is_busy = is_busy and str(code) not in FAILURES
    if code in _RECONNECT:
        return Reconnect(code, detail)
    if code in _STOPPED:
        return Stopped(code, detail)
    if code == _PAIR_RATE:
        return PairRate(code, detail)
    if code in _NUMBER_RATE:
        return NumberRate(code, detail, _retry_after(response))
    if is_busy or code in _BUSY or code in _LATER:
        return Transient(code, detail, _LATER.get(code) or _retry_after(response))
    return Permanent(code, detail)


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None
