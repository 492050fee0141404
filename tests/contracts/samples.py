"""What a command could be sent, made from the types of its data: new commands and fields are tried by themselves."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, cast

import msgspec
from msgspec import inspect

from realtime.commands import Command
from tests.contracts.world import World

Path = tuple[str, ...]

_ALIASES = {
    "after": "message",
    "afterId": "conversation",
    "assigneeId": "user",
    "attachmentIds": "upload",
    "before": "message",
    "cursor": "said",
    "beforeId": "conversation",
    "labels": "label",
    "mentionIds": "user",
    "replyToId": "message",
    "upToId": "message",
}
"""Which row a field names whose name does not say so."""


def ids_of(command: Command[Any]) -> Iterator[Path]:
    """Where in the command's data ids of rows stand."""
    yield from _ids(inspect.type_info(command.data), ())


def _ids(kind: inspect.Type, path: Path) -> Iterator[Path]:
    match kind:
        case inspect.UUIDType():
            yield path
        case inspect.UnionType(types=types):
            for each in types:
                yield from _ids(each, path)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item) | inspect.SetType(item_type=item):
            yield from _ids(item, path)
        case inspect.StructType(fields=fields):
            for field in fields:
                yield from _ids(field.type, (*path, field.encode_name))


def sample(command: Command[Any], whose: World) -> Any:
    """What the command needs, and texts; with somebody's ids. Commands on groups are sent a group's."""
    found = _sample(inspect.type_info(command.data), "", whose)
    if _is_on_group(command) and "conversationId" in found:
        found["conversationId"] = whose.id("group")
    return found


def sample_with(command: Command[Any], whose: World, path: Path, other: World) -> Any:
    """The same, but with somebody else's id in one place."""
    data = place = sample(command, whose)
    kind: Any = inspect.type_info(command.data)
    for name in path:
        field = next(each for each in kind.fields if each.encode_name == name)
        kind = _present(field.type)
        row = "group" if name == "conversationId" and _is_on_group(command) else name
        place[name] = _sample(kind, row, other) if name == path[-1] else place.get(name, {})
        place = place[name]
    return data


def _is_on_group(command: Command[Any]) -> bool:
    return command.name.startswith("group:")


def _sample(kind: Any, name: str, whose: World) -> Any:
    kind = _present(kind)
    match kind:
        case inspect.UUIDType():
            return str(whose[_row(name)])
        case inspect.StructType(fields=fields):
            wanted = [each for each in fields if each.required or isinstance(each.type, inspect.StrType)]
            return {each.encode_name: _sample(each.type, each.encode_name, whose) for each in wanted}
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item) | inspect.SetType(item_type=item):
            return [_sample(item, name, whose)]
    return _value(kind)


def _value(kind: Any) -> Any:
    match kind:
        case inspect.StrType():
            return "x" * (kind.min_length or 1)
        case inspect.IntType():
            return kind.ge or 0
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.EnumType(cls=kinds) | inspect.CustomType(cls=kinds):  # Django's choices are the second
            return next(iter(cast("type[Enum]", kinds))).value
        case inspect.DateTimeType():
            return "2030-01-01T00:00:00Z"
    return isinstance(kind, inspect.BoolType) or {}


def _present(kind: inspect.Type) -> inspect.Type:
    """The type of a field that is there."""
    if not isinstance(kind, inspect.UnionType):
        return kind
    return next(each for each in kind.types if not isinstance(each, inspect.NoneType))


def _row(name: str) -> str:
    """The row of a World that a field names, by its name."""
    return _ALIASES.get(name) or name.removesuffix("Ids").removesuffix("Id")


def encoded(data: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(data))
