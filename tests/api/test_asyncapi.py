"""The AsyncAPI document: valid and complete. tests/realtime/client.py holds every frame it gets against it."""

import json
import re
from inspect import getdoc
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from api.asyncapi import document, key
from events.catalogue import CATALOGUE
from realtime.commands import REGISTRY
from realtime.commands.statuses import STATUS_COMMANDS
from realtime.ephemeral import EPHEMERAL

COMMANDS = REGISTRY | STATUS_COMMANDS
SPECIFICATION = Path(__file__).parents[2] / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"


@pytest.fixture(scope="module")
def made() -> Any:
    return document("recado.example", secure=True)


def test_document_is_valid_asyncapi(made: Any) -> None:
    validator = Draft7Validator(json.loads(SPECIFICATION.read_text("utf-8")))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(made)] == []


def test_document_refers_to_nothing_that_is_not_there(made: Any) -> None:
    for pointer in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(made)):
        place = made
        for step in pointer.split("/"):
            place = place[step]


def test_every_command_and_event_is_in_the_document(made: Any) -> None:
    messages = set(made["channels"]["socket"]["messages"])
    asked = {"auth", *REGISTRY, *STATUS_COMMANDS}
    assert set(made["operations"]) == {key(name) for name in asked} | {"events"}
    assert messages == {
        *(key(kind, name) for name in asked for kind in ("command", "reply")),
        *(key("event", name) for name in CATALOGUE | EPHEMERAL),
        "error",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_command_says_what_it_does(name: str, made: Any) -> None:
    sentence = made["operations"][key(name)]["description"]
    assert sentence == getdoc(COMMANDS[name].handler), "the handler's docstring is its sentence in the documents"


@pytest.mark.parametrize("name", REGISTRY)
def test_commands_example_can_be_decoded(name: str, made: Any) -> None:
    (example,) = made["channels"]["socket"]["messages"][key("command", name)]["examples"]
    REGISTRY[name].decoder.decode(json.dumps(example["payload"]["data"]))


def test_document_and_its_page_are_handed_out_to_anybody(db: None, client: Client) -> None:
    assert client.get("/docs/socket.json").json()["asyncapi"] == "3.0.0"
    page = client.get("/docs/socket").content.decode()
    assert all(f'id="{key("command", name)}"' in page for name in REGISTRY)
    assert all(f'id="{key("event", name)}"' in page for name in CATALOGUE | EPHEMERAL)


def test_page_works_offline_and_without_scripts(db: None, client: Client) -> None:
    page = client.get("/docs/socket/").content.decode()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "<script" not in page


def test_page_shows_names_of_the_code_as_such(db: None, client: Client) -> None:
    page = client.get("/docs/socket").content.decode()
    assert "moved on since <code>version</code> is a conflict" in page
    assert "`" not in page
