"""Tenants cannot meet over the socket either: every command of the registry with a neighbour's id in every place."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from realtime import answers
from realtime.answers import Answer
from realtime.commands import REGISTRY, Caller
from realtime.requests import Request
from realtime.rooms import ConversationRoom
from tenancy.scope import tenant_scope
from tests.contracts.samples import Path, encoded, ids_of, sample, sample_with
from tests.contracts.world import World, snapshot

both_ways = pytest.mark.parametrize("mine", ["acme", "globex"])

PLACES = [(name, path) for name, command in REGISTRY.items() for path in ids_of(command)]

NOT_LOOKED_UP = {
    ("conversation:move", ("afterId",)),  # a neighbour that is gone is no error: on top
    ("conversation:move", ("beforeId",)),
    ("conversation:leave", ("conversationId",)),  # leaving what one is not in
}
FILTERS = {place for place in PLACES if place[1][0] == "filters"} | {("presence:list", ("userIds",))}


class Connection:
    """What a command knows of its socket, when nobody listens."""

    seq = 0

    def __init__(self, *rooms: str) -> None:
        self.joined: list[str] = []
        self.rooms = frozenset({"tenant", *rooms})

    def join(self, room: str, known: int, earshot: Sequence[str] = ()) -> None:
        self.joined.append(room)

    def be_idle(self, idle: bool) -> None: ...

    def start_typing(self, conversation_id: UUID) -> None: ...

    def stop_typing(self, conversation_id: UUID) -> None: ...

    def leave(self, room: str) -> None: ...

    def end(self) -> None: ...


def run(name: str, own: World, data: Any) -> Answer:
    """The reply to a command of somebody who has their own conversation open."""
    request = Request(name, "r1", encoded(data))
    connection = Connection(ConversationRoom(own["conversation"]).name)
    with tenant_scope(own.company.tenant):
        return answers.answer(REGISTRY[name], Caller(own.agent.pk, connection, 0), request, "en")


def test_there_are_ids_to_try() -> None:
    assert {("conversation:get", ("conversationId",)), ("conversation:list", ("filters", "teamId"))} <= set(PLACES)
    assert set(PLACES) >= NOT_LOOKED_UP


@both_ways
@pytest.mark.parametrize(("name", "path"), PLACES, ids=lambda part: part if isinstance(part, str) else ".".join(part))
def test_a_neighbours_id_is_not_found(name: str, path: Path, own: World, neighbour: World) -> None:
    before = snapshot(neighbour.company.tenant.pk)
    data = sample_with(REGISTRY[name], own, path, neighbour)
    answer = run(name, own, data)
    text, asked = answer.text.decode(), str(data)
    assert not {secret for secret in neighbour.secrets if secret in text and secret not in asked}
    assert snapshot(neighbour.company.tenant.pk) == before
    if (name, path) in FILTERS:
        assert '"items":[]' in text
    elif (name, path) not in NOT_LOOKED_UP:
        assert answer.code == "not_found", text


@both_ways
@pytest.mark.parametrize("name", REGISTRY)
def test_ones_own_ids_are_found(name: str, own: World) -> None:
    assert run(name, own, sample(REGISTRY[name], own)).code not in {"not_found", "internal"}
