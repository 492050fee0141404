"""From bytes to JSON that PostgreSQL can hold."""

import json
import math
from typing import Any

import msgspec


class NotJsonError(ValueError):
    """The body is not JSON (or nested beyond reason): the only reason to refuse one."""


def decode(body: bytes) -> Any:
    """The JSON of a body, without what PostgreSQL cannot hold: NUL, lone surrogates, numbers beyond floats.

    Raises NotJsonError.
    """
    value, is_strict = _read(body)
    try:
        return value if is_strict and b"\\u" not in body else _scrub(value)
    except RecursionError as error:
        raise NotJsonError from error


def glance(body: bytes) -> Any:
    """The JSON of a body as it stands, for who only looks at it: whoever sends it need not be Meta, so it must cost
    little whatever it is. Raises NotJsonError.
    """
    return _read(body)[0]


def _read(body: bytes) -> tuple[Any, bool]:
    """The JSON, and whether it is strictly so: lone surrogates and huge numbers are JSON to Meta as well."""
    try:
        return msgspec.json.decode(body), True
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _read_leniently(body), False
    except RecursionError as error:
        raise NotJsonError from error


def _read_leniently(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error


def _refuse_constant(name: str) -> None:
    raise NotJsonError(name)


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="replace").decode()
    if isinstance(value, list):
        return [_scrub(each) for each in value]
    if isinstance(value, dict):
        return {_scrub(key): _scrub(each) for key, each in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
