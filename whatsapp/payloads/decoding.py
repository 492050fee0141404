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
    try:
        value = msgspec.json.decode(body)
        return _scrub(value) if b"\\u" in body else value
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _decode_leniently(body)
    except RecursionError as error:
        raise NotJsonError from error


def _decode_leniently(body: bytes) -> Any:
    """Lone surrogates and huge numbers are JSON to Meta, though not to a strict decoder."""
    try:
        return _scrub(json.loads(body.decode(), parse_constant=_refuse_constant))
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
