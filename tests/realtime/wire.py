"""Every frame against the AsyncAPI document: a client of the tests takes nothing that is not documented."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api.asyncapi import Json, document, key


@cache
def _document() -> Json:
    return document("recado.example", secure=True)


@cache
def _validator(name: str) -> Draft202012Validator | None:
    message = _document()["channels"]["socket"]["messages"].get(name)
    schemas = {"components": _document()["components"]}
    return Draft202012Validator({**message["payload"], **schemas}) if message else None


def violations(frame: Json, command: str | None) -> list[str]:
    """What an event, or the reply to a command (None: to nonsense), has that the document does not say."""
    name = _name(frame, command)
    validator = _validator(name)
    if validator is None:
        return [f"{name} is not in the document"]
    return [f"{name} {error.json_path}: {error.message}" for error in validator.iter_errors(frame)]


def _name(frame: Json, command: str | None) -> str:
    if frame["type"] != "reply":
        return key("event", frame["type"])
    return "error" if frame["status"] == "error" else key("reply", command or "")


def check(frame: Json, command: str | None) -> None:
    """Fail when the document does not foresee the frame."""
    found: list[Any] = violations(frame, command)
    assert not found, found
