"""The OpenAPI document, from the types that are really decoded and encoded."""

from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema

from api.components import one_of, schemas
from api.errors import MEDIA_TYPE, Problem

F = TypeVar("F", bound=Callable[..., Any])

_types: list[Any] = [Problem]

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The message's `clientId`: 1 to 64 letters, digits, - or _. The same one twice is one message.",
)

FILE = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary"}},
        }
    }
}
PART = {"application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def header(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    """A header that an endpoint reads."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, required=required)


def describe(
    name: str,
    *,
    returns: Any = None,
    body: Any = None,
    upload: dict[str, Any] | None = None,
    query: tuple[type[msgspec.Struct], ...] = (),
    status: int = 200,
    repeated: int | None = None,
    headers: tuple[OpenApiParameter, ...] = (),
) -> Callable[[F], F]:
    """Say what an endpoint takes and returns, in types of msgspec (a tuple: one of them).

    `repeated` is the status of the second time; `upload` is the schema of a body that is a file.
    """
    statuses = [status] if repeated is None else [status, repeated]
    return extend_schema(
        operation_id=name,
        request={"application/json": _schema_of(body)} if body else upload,
        parameters=[*(parameter for kind in query for parameter in _parameters(kind)), *headers],
        responses=dict.fromkeys(statuses, _answer(returns)),
    )


def _answer(returns: Any) -> dict[str, Any] | None:
    kinds = returns if isinstance(returns, tuple) else (returns,)
    return one_of([_schema_of(kind) for kind in kinds]) if returns else None


def _schema_of(kind: Any) -> dict[str, Any]:
    _types.append(kind)
    (schema,), _components = schemas([kind])
    return schema


def _parameters(query: type[msgspec.Struct]) -> list[OpenApiParameter]:
    hints = get_type_hints(query, include_extras=True)
    return [
        OpenApiParameter(each.encode_name, _schema_of(hints[each.name]), required=each.required)
        for each in msgspec.structs.fields(query)
    ]


def without_slash(endpoints: list[tuple[str, str, str, Any]], **_options: Any) -> list[tuple[str, str, str, Any]]:
    """Every address is there twice (api/urls.py): the document names the one without slash."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]


def complete(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Add the types, and to every operation that anything that goes wrong is a Problem."""
    _refs, components = schemas(_types)
    result["components"].setdefault("schemas", {}).update(components)
    problem = {"description": "It was not done.", "content": {MEDIA_TYPE: {"schema": _schema_of(Problem)}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = problem
    return result


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document names api.authentication.BearerAuthentication."""

    target_class = "api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
