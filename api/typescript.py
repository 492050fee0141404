"""The contract of the socket for the JavaScript client, from the AsyncAPI document: types, and a method per command."""

import json
import re
from collections.abc import Iterable, Iterator
from textwrap import dedent

from api.asyncapi import Json, document, key
from events.catalogue import CATALOGUE
from realtime.ephemeral import EPHEMERAL

_NOTICE = "// Written by `make contract` from the code of the server: do not edit."
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def declarations() -> str:
    """`contract.d.ts`: every object, what each command takes and answers, what each event carries."""
    made = document("recado.example", secure=True)
    messages = made["channels"]["socket"]["messages"]
    objects = [_interface(name, schema) for name, schema in sorted(made["components"]["schemas"].items())]
    commands = _map("Commands", (f'"{name}": {_exchange(name, messages)}' for name, _sentence in _commands(made)))
    events = _map(
        "Events", (f'"{name}": {_data(messages[key("event", name)])}' for name in sorted(CATALOGUE | EPHEMERAL))
    )
    return "\n".join([_NOTICE, "", *objects, commands, events])


def methods() -> str:
    """`commands.js`: the class that RecadoSocket extends."""
    made = document("recado.example", secure=True)
    return _CLASS.replace("METHODS", "\n\n".join(_method(name, sentence) for name, sentence in _commands(made)))


def _commands(made: Json) -> list[tuple[str, str]]:
    """Everything that can be asked, and what it does."""
    operations = made["operations"].values()
    return sorted((each["title"], each["description"]) for each in operations if each["action"] == "receive")


_CLASS = (
    dedent("""\
    // @ts-check
    NOTICE

    /** @typedef {import("./contract.d.ts").Commands} Contract */
    /**
     * What a command takes: its data, which may be left out when nothing in it is required.
     * @template {keyof Contract} C
     * @typedef {{} extends Contract[C]["data"] ? [data?: Contract[C]["data"]] : [data: Contract[C]["data"]]} Arguments
     */

    /** A method for every command of the socket; `send` carries them. */
    export class Commands {
      /**
       * @template {keyof Contract} C
       * @param {C} command
       * @param {Arguments<C>} data
       * @returns {Promise<Contract[C]["reply"]>}
       */
      send(command, ...data) {
        return Promise.reject(new Error(`${command} ${data} has no wire to go by`));
      }

    METHODS
    }
    """)
).replace("NOTICE", _NOTICE)


def _method(name: str, sentence: str) -> str:
    spoken = re.sub(r"[:-](\w)", lambda found: found[1].upper(), name)
    return (
        f'  /**\n   * {sentence}\n   * @param {{Arguments<"{name}">}} data\n   */\n'
        f'  {spoken}(...data) {{\n    return this.send("{name}", ...data);\n  }}'
    )


def _map(name: str, entries: Iterable[str]) -> str:
    return f"export interface {name} {{\n" + "".join(f"  {entry};\n" for entry in entries) + "}\n"


def _exchange(name: str, messages: Json) -> str:
    return f"{{ data: {_data(messages[key('command', name)])}; reply: {_data(messages[key('reply', name)])} }}"


def _data(message: Json) -> str:
    return _type(message["payload"]["properties"]["data"])


def _interface(name: str, schema: Json) -> str:
    sentence = f"/** {' '.join(schema['description'].split())} */\n" if "description" in schema else ""
    return f"{sentence}export interface {_name(name)} {{\n{''.join(_fields(schema))}}}\n"


def _fields(schema: Json) -> Iterator[str]:
    required = schema.get("required", ())
    for name, kind in schema.get("properties", {}).items():
        yield f"  {name}{'' if name in required else '?'}: {_type(kind)};\n"


def _type(schema: Json) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"].rsplit("/", 1)[1])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(_type(each) for each in alternatives)
    if isinstance(schema.get("items"), dict):
        return f"Array<{_type(schema['items'])}>"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(values) if isinstance(values, dict) else 'any'}>"
    return _PLAIN.get(schema.get("type", ""), "any")


def _name(schema: str) -> str:
    return schema.removesuffix("Object")
