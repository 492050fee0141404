"""The AsyncAPI document of the socket, from the registry of commands and the catalogues of events."""

from collections.abc import Iterable, Mapping
from inspect import getdoc
from typing import Any

from django.conf import settings

from api.components import alternatives, example, one_of, schemas
from events.catalogue import CATALOGUE, EventData
from realtime.commands import REGISTRY, Command
from realtime.commands.statuses import STATUS_COMMANDS
from realtime.connection import Auth
from realtime.ephemeral import EPHEMERAL, BoardFragments, Connected
from realtime.requests import Problem

Json = dict[str, Any]

_COMMANDS = REGISTRY | STATUS_COMMANDS
_CHANNEL = {"$ref": "#/channels/socket"}
_REQUEST_ID: Json = {"type": ["string", "integer", "null"], "description": "Comes back as it was in the reply."}
_NUMBERS: Json = {
    "seq": {"type": "integer", "description": "Counts the tenant's events without gaps."},
    "prev": {"type": "integer", "description": "The seq of the event before it that this socket was entitled to."},
}
_AT: Json = {"at": {"type": "string", "format": "date-time"}}
_QUERY: Json = {
    "access_token": {"type": "string", "description": "A JWT, where no header can be set."},
    "html": {"enum": ["1"], "description": "Receive `board:fragments` as well."},
    "language": {"enum": [code for code, _name in settings.LANGUAGES]},
}


def document(host: str, *, secure: bool) -> Json:
    """AsyncAPI 3.0. An operation's `x-permission` is what the caller's role needs, null for nothing."""
    messages, components = _messages()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Recado",
            "version": settings.SPECTACULAR_SETTINGS["VERSION"],
            "description": "The socket of Recado, the WhatsApp helpdesk. docs/protocol.md tells the same in words.",
        },
        "defaultContentType": "application/json",
        "servers": {"recado": {"host": host, "protocol": "wss" if secure else "ws", "security": _security()}},
        "channels": {"socket": {"address": "/ws/", "messages": messages, "bindings": {"ws": _binding()}}},
        "operations": _operations(),
        "components": {"schemas": components},
    }


def key(*parts: str) -> str:
    """A name of ours as a name of the document's, which takes no colons."""
    return ".".join(parts).replace(":", ".")


def _binding() -> Json:
    return {"method": "GET", "query": {"type": "object", "properties": _QUERY}}


def _security() -> list[Json]:
    return [
        {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        {"type": "httpApiKey", "in": "query", "name": "access_token"},
        {"type": "httpApiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    ]


# What is sent


def _messages() -> tuple[Json, Json]:
    """Every frame there is, and the types they are made of."""
    kinds = {kind: None for name, data, replies in _requests() for kind in (data, *replies)}
    kinds |= dict.fromkeys([Problem, *CATALOGUE.values(), *EPHEMERAL.values()])
    found, components = schemas(kinds)
    known = dict(zip(kinds, found, strict=True))
    messages: Json = {"error": _message("reply", "The request was not done.", _reply("error", error=known[Problem]))}
    for name, data, replies in _requests():
        request = _message(name, _sentence(name), _request(name, known[data]))
        messages[key("command", name)] = {**request, "examples": [_example(name, known[data], components)]}
        answer = one_of([known[kind] for kind in replies])
        messages[key("reply", name)] = _message("reply", f"The answer to `{name}`.", _reply("ok", data=answer))
    for name, event in (CATALOGUE | EPHEMERAL).items():
        messages[key("event", name)] = _message(name, getdoc(event), _event(event, known[event]))
    return messages, components


def _requests() -> Iterable[tuple[str, Any, tuple[Any, ...]]]:
    """Name, type of the data, and types of the reply of everything that can be asked."""
    yield "auth", Auth, (Connected,)
    for name, command in _COMMANDS.items():
        yield name, command.data, alternatives(command.reply)


def _message(name: str, sentence: str | None, payload: Json) -> Json:
    return {"name": name, "summary": sentence or name, "payload": payload}


def _request(name: str, data: Json) -> Json:
    return _frame({"type": {"const": name}, "requestId": _REQUEST_ID, "data": data}, optional=("requestId", "data"))


def _example(name: str, data: Json, components: Json) -> Json:
    return {"payload": {"type": name, "requestId": "c1", "data": example(data, components)}}


def _reply(status: str, **content: Json) -> Json:
    return _frame({"type": {"const": "reply"}, "requestId": _REQUEST_ID, "status": {"const": status}, **content})


def _event(event: type[EventData], data: Json) -> Json:
    """`prev` is missing when it was fetched by `events:since`."""
    if event is BoardFragments:
        envelope: Json = {"seq": _NUMBERS["seq"]}
    else:
        envelope = _NUMBERS | _AT if event.type in CATALOGUE else _AT
    return _frame({"type": {"const": event.type}, **envelope, "data": data}, optional=("prev",))


def _frame(properties: Json, *, optional: tuple[str, ...] = ()) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


# What is done with it


def _operations() -> Json:
    asked = {key(name): _asking(name, _COMMANDS.get(name)) for name, _data, _replies in _requests()}
    heard = [_ref("event", name) for name in CATALOGUE | EPHEMERAL]
    return {**asked, "events": {"action": "send", "channel": _CHANNEL, "messages": heard}}


def _asking(name: str, command: Command[Any] | None) -> Json:
    return {
        "action": "receive",
        "title": name,
        "description": _sentence(name),
        "channel": _CHANNEL,
        "messages": [_ref("command", name)],
        "reply": {"channel": _CHANNEL, "messages": [_ref("reply", name), {"$ref": "#/channels/socket/messages/error"}]},
        "x-permission": command.permission if command else None,
    }


def _ref(kind: str, name: str) -> Mapping[str, str]:
    return {"$ref": f"#/channels/socket/messages/{key(kind, name)}"}


def _sentence(name: str) -> str:
    """What a command does, as its handler says."""
    documented = _COMMANDS[name].handler if name in _COMMANDS else Auth
    return getdoc(documented) or name
