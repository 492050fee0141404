"""What clients send and what they get back: one reply per request, also for nonsense."""

import re
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from conversations.errors import BadRequest, DomainError
from realtime.frames import FRAME_BYTES

T = TypeVar("T")
RequestId = str | int | None

_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_MISSING = re.compile(r"^Object missing required field `(?P<name>[^`]*)`")


class Request(msgspec.Struct, rename="camel"):
    """A frame from a client. `data` is decoded by the command that `type` names."""

    type: str
    request_id: RequestId = None
    data: msgspec.Raw = msgspec.Raw(b"{}")


class _Stub(msgspec.Struct, rename="camel"):
    """What can be saved of a request that is wrong elsewhere, so that its answer finds back."""

    request_id: RequestId = None


class Problem(msgspec.Struct, rename="camel"):
    """Why a request was not done. `current` is what stands instead, for `conflict`."""

    code: str
    message: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    retry_after_ms: int | UnsetType = UNSET
    current: Any = UNSET


class Reply(msgspec.Struct, rename="camel", tag_field="type", tag="reply"):
    """The one answer to a request: `data` or `error`."""

    request_id: RequestId
    status: str
    data: Any = UNSET
    error: Problem | UnsetType = UNSET


class BadFrame(Exception):
    """A frame that holds no request we could run."""

    def __init__(self, code: str, message: str, request_id: RequestId = None, **fields: str) -> None:
        super().__init__(message)
        self.problem, self.request_id = Problem(code, message, fields), request_id


_encode = msgspec.json.Encoder().encode
_request = msgspec.json.Decoder(Request).decode
_stub = msgspec.json.Decoder(_Stub).decode


def parse(frame: str | None) -> Request:
    """The request in a text frame (None: it was a binary one). Raises BadFrame."""
    if frame is None:
        raise BadFrame("bad_request", "Send text frames.")
    body = frame.encode("utf-8", "surrogatepass")
    if len(body) > FRAME_BYTES:
        raise BadFrame("too_large", f"A frame may have {FRAME_BYTES} bytes.", _saved_id(body))
    try:
        return _request(body)
    except msgspec.ValidationError as error:
        raise BadFrame("bad_request", str(error), _saved_id(body), **field_errors(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadFrame("bad_json", f"This is not JSON: {error}") from error


def _saved_id(body: bytes) -> RequestId:
    try:
        return _stub(body).request_id
    except (msgspec.DecodeError, RecursionError):
        return None


def decode(decoder: "msgspec.json.Decoder[T]", data: msgspec.Raw) -> T:
    """A command's data; raises BadRequest that names the wrong field."""
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        raise BadRequest(_PLACE.sub("", str(error)), fields=field_errors(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(str(error)) from error


def field_errors(error: msgspec.ValidationError) -> dict[str, str]:
    """Which field was wrong and why, by its JSON name; empty when it was the whole."""
    message = str(error)
    place, missing = _PLACE.search(message), _MISSING.match(message)
    path = [place["path"]] if place and place["path"] else []
    if missing:
        return {".".join([*path, missing["name"]]): "This field is required."}
    return {".".join(path): _PLACE.sub("", message)} if path else {}


def done(request_id: RequestId, data: object) -> bytes:
    """The reply to a request that was done."""
    return _encode(Reply(request_id, "ok", data=data))


def failed(request_id: RequestId, problem: Problem) -> bytes:
    """The reply to a request that was not done."""
    return _encode(Reply(request_id, "error", error=problem))


def problem_of(error: DomainError) -> Problem:
    """A domain error in the words of the wire."""
    return Problem(error.code, error.message, error.fields, current=UNSET if error.current is None else error.current)
