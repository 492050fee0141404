"""What clients send, decoded once into types; a wrong part is named by its JSON name."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from conversations.errors import BadRequest
from realtime.requests import field_errors

T = TypeVar("T")

Text = Annotated[str, Meta(max_length=254, pattern="^[^\\x00]*$")]
"""A short text that PostgreSQL can look up: it refuses NUL."""


class RawParser(BaseParser):
    """Takes JSON as bytes: each endpoint decodes it straight into its own type. Django's limit for bodies applies."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return msgspec.Raw(parser_context["request"].body)


def body(request: Request, kind: type[T]) -> T:
    """The request's body. Raises BadRequest, or ParseError for what is not JSON."""
    sent: object = request.data
    raw = sent if isinstance(sent, msgspec.Raw) else b"{}"  # nothing was sent
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise _bad_request(error) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise ParseError(str(error)) from error


def query(request: Request, kind: type[T]) -> T:
    """The parameters of the address; an empty one counts as left out. Raises BadRequest."""
    given = {name: value for name, value in request.query_params.items() if value}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _bad_request(error) from error


def _bad_request(error: msgspec.ValidationError) -> BadRequest:
    fields = field_errors(error)
    return BadRequest(fields=fields) if fields else BadRequest(str(error))
