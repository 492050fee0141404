"""Types of msgspec as the schemas of a document: what is really decoded and encoded, described once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

import msgspec
from django.db.models import Choices

REF = "#/components/schemas/{name}"
_EXAMPLES: dict[str, Any] = {"string": "…", "integer": 0, "number": 0, "boolean": False, "array": [], "null": None}
_UUID = "00000000-0000-0000-0000-000000000000"


def schemas(kinds: Iterable[Any]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """A schema for each type, and the named ones they refer to."""
    found, named = msgspec.json.schema_components(kinds, schema_hook=_choices, ref_template=REF)
    return tuple(map(_without_discriminator, found)), _without_discriminator(named)


def _without_discriminator(part: Any) -> Any:
    """OpenAPI and AsyncAPI spell it differently; the members of such a union say their tag themselves."""
    if isinstance(part, list):
        return [_without_discriminator(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {name: _without_discriminator(each) for name, each in part.items() if name != "discriminator"}


def one_of(kinds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The schema of what is one of these."""
    return kinds[0] if len(kinds) == 1 else {"oneOf": list(kinds)}


def alternatives(kind: Any) -> tuple[Any, ...]:
    """The members of a union: msgspec describes no union of structs that are told apart by their fields."""
    return get_args(kind) or (kind,)


def example(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Any:
    """The least that the schema takes: of an object, what may not be left out."""
    if "$ref" in schema:
        return example(components[schema["$ref"].rsplit("/", 1)[1]], components)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(schema["anyOf"][0], components)
    if schema.get("format") == "uuid":
        return _UUID
    if schema.get("type") == "object":
        wanted = schema.get("required", ())
        return {name: example(schema["properties"][name], components) for name in wanted}
    return _EXAMPLES.get(schema.get("type", "null"))


def _choices(kind: type[Any]) -> dict[str, Any]:
    """Django's choices: msgspec decodes them, but does not see in them the enums that they are."""
    if issubclass(kind, Choices):
        return {"enum": kind.values}
    raise NotImplementedError
