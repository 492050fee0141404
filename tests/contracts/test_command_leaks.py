"""Tenants cannot meet over the socket either: every command of the registry with a neighbour's id in every place."""

from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from realtime import answers
from realtime.answers import Answer
from realtime.commands import REGISTRY, Caller
from realtime.requests import Request
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
FILTERS = {place for place in PLACES if place[1][0] == "filters"}


class Connection:
    """What a command knows of its socket, when nobody listens."""

    seq = 0
    rooms: frozenset[str] = frozenset({"tenant"})

    def __init__(self) -> None:
        self.joined: list[str] = []

    def join(self, room: str) -> None:
        self.joined.append(room)

    def leave(self, room: str) -> None: ...

    def end(self) -> None: ...


def run(name: str, by: User, tenant_id: UUID, data: Any) -> Answer:
    """The reply to a command of somebody."""
    request = Request(name, "r1", encoded(data))
    with tenant_scope(tenant_id):
        return answers.answer(REGISTRY[name], Caller(by.pk, Connection()), request, "en")


def test_there_are_ids_to_try() -> None:
    assert {("conversation:get", ("conversationId",)), ("conversation:list", ("filters", "teamId"))} <= set(PLACES)
    assert set(PLACES) >= NOT_LOOKED_UP


@both_ways
@pytest.mark.parametrize(("name", "path"), PLACES, ids=lambda part: part if isinstance(part, str) else ".".join(part))
def test_a_neighbours_id_is_not_found(name: str, path: Path, own: World, neighbour: World) -> None:
    before = snapshot(neighbour.company.tenant.pk)
    data = sample_with(REGISTRY[name], own, path, neighbour)
    answer = run(name, own.agent, own.company.tenant.pk, data)
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
    assert run(name, own.agent, own.company.tenant.pk, sample(REGISTRY[name], own)).code not in {
        "not_found",
        "internal",
    }
