"""The AsyncAPI document as its page shows it: what can be asked, what is heard, and what both are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from api.asyncapi import Json, key
from events.catalogue import CATALOGUE
from realtime.ephemeral import EPHEMERAL


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a field in words; `target` is the id of its section where it has one."""

    words: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object; its type is any of `types`."""

    name: str
    types: list[Type]
    is_required: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A command, an event or an object. `example` and `reply` are a command's only."""

    id: str
    name: str
    sentence: str
    fields: list[Field]
    permission: str = ""
    example: str = ""
    reply: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sections of one kind."""

    id: str
    title: str
    sections: list[Section]


def commands(document: Json) -> list[Section]:
    """Everything that can be asked."""
    operations = [found for found in document["operations"].values() if found["action"] == "receive"]
    return [_command(operation, document) for operation in operations]


def _command(operation: Json, document: Json) -> Section:
    name, messages = operation["title"], document["channels"]["socket"]["messages"]
    request = messages[key("command", name)]
    reply = messages[key("reply", name)]["payload"]["properties"]["data"]
    return Section(
        id=key("command", name),
        name=name,
        sentence=operation["description"],
        fields=_fields_of(request, document),
        permission=operation["x-permission"] or "",
        example=_pretty(request["examples"][0]["payload"]),
        reply=tuple(_types(reply)),
    )


def events(document: Json) -> list[Section]:
    """Everything that is heard; the logged ones first."""
    messages = document["channels"]["socket"]["messages"]
    return [_event(name, messages[key("event", name)], document) for name in CATALOGUE | EPHEMERAL]


def _event(name: str, message: Json, document: Json) -> Section:
    return Section(key("event", name), name, message["summary"], _fields_of(message, document))


def objects(document: Json) -> list[Section]:
    """What commands, replies and events are made of."""
    schemas = document["components"]["schemas"]
    own = {
        reference for message in _frames(document) if (reference := message["properties"].get("data", {}).get("$ref"))
    }
    shown = {name: schema for name, schema in schemas.items() if f"#/components/schemas/{name}" not in own}
    return [
        Section(_anchor(name), _title(name), schema.get("description", ""), _fields(schema))
        for name, schema in shown.items()
    ]


def _frames(document: Json) -> Iterator[Json]:
    """The frames whose data is shown with the command or event itself."""
    for name, message in document["channels"]["socket"]["messages"].items():
        if not name.startswith("reply."):
            yield message["payload"]


def _fields_of(message: Json, document: Json) -> list[Field]:
    name = message["payload"]["properties"]["data"]["$ref"].rsplit("/", 1)[1]
    return _fields(document["components"]["schemas"][name])


def _fields(schema: Json) -> list[Field]:
    required = schema.get("required", ())
    return [Field(name, list(_types(kind)), name in required) for name, kind in schema.get("properties", {}).items()]


def _types(schema: Json) -> Iterator[Type]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        yield Type(_title(name), _anchor(name))
    elif "enum" in schema:
        yield from (Type(msgspec.json.encode(value).decode()) for value in schema["enum"])
    elif alternatives := schema.get("anyOf") or schema.get("oneOf"):
        for alternative in alternatives:
            yield from _types(alternative)
    elif isinstance(schema.get("items"), dict):
        yield from (Type(f"[{inner.words}]", inner.target) for inner in _types(schema["items"]))
    else:
        yield Type(schema.get("format") or str(schema.get("type", "any")))


def _title(name: str) -> str:
    return name.removesuffix("Object")


def _anchor(name: str) -> str:
    return f"object.{name}"


def _pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
