"""Who is in which room, as Redis keeps it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings
from redis.asyncio import Redis

from realtime import roster, store
from realtime.roster import Change, Mark, Roster, member

ANA, CAIO = uuid4(), uuid4()


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    settings.PRESENCE_TTL_SECONDS = 40
    client = store.asynchronous()
    yield client
    await client.aclose()


@pytest.fixture
def tenant_id() -> UUID:
    return uuid4()


def stands(changes: list[Change]) -> set[tuple[str, UUID, Mark | None]]:
    return {(change.room, change.user_id, change.mark) for change in changes}


async def test_only_what_is_new_is_told(redis: Redis, tenant_id: UUID) -> None:
    one = Roster(redis)
    ana = member("tenant", ANA, Mark.ACTIVE, "p1")
    assert stands(await one.settle(tenant_id, {ana: 40})) == {("tenant", ANA, Mark.ACTIVE)}
    assert await one.settle(tenant_id, {ana: 40}) == []
    other_tab = {member("tenant", ANA, Mark.IDLE, "p2"): 40, member("tenant", CAIO, Mark.IDLE, "p2"): 40}
    assert stands(await one.settle(tenant_id, other_tab)) == {("tenant", CAIO, Mark.IDLE)}
    assert stands(await one.settle(tenant_id, {ana: 0})) == {("tenant", ANA, Mark.IDLE)}


async def test_rooms_and_tenants_are_apart(redis: Redis, tenant_id: UUID) -> None:
    board, panel = member("tenant", ANA, Mark.ACTIVE, "p"), member("conversation:1", ANA, Mark.ACTIVE, "p")
    await Roster(redis).settle(tenant_id, {board: 40, panel: 40})
    assert stands(await Roster(redis).settle(tenant_id, {panel: 0})) == {("conversation:1", ANA, None)}
    assert await asyncio.to_thread(roster.standing, tenant_id) == {"tenant": {ANA: Mark.ACTIVE}}
    assert await asyncio.to_thread(roster.standing, uuid4()) == {}


async def test_what_lapses_is_told_by_whoever_looks_next_once(redis: Redis, tenant_id: UUID) -> None:
    one, other = Roster(redis), Roster(redis)
    await one.settle(tenant_id, {member("tenant", ANA, Mark.ACTIVE, "dead"): 0.05})
    await asyncio.sleep(0.1)  # the moment itself
    assert await asyncio.to_thread(roster.standing, tenant_id) == {}
    assert stands(await other.settle(tenant_id, {})) == {("tenant", ANA, None)}
    assert await one.settle(tenant_id, {}) == []


async def test_nobody_has_gone_while_nobody_could_renew(redis: Redis, tenant_id: UUID) -> None:
    one = Roster(redis)
    await one.settle(tenant_id, {member("tenant", ANA, Mark.ACTIVE, "p"): 0.05})
    await asyncio.sleep(0.1)
    await redis.set(f"{roster._key(tenant_id)}:settled", 1)  # the last look was long ago: Redis was away
    assert await one.settle(tenant_id, {}) == []
    assert await asyncio.to_thread(roster.standing, tenant_id) == {"tenant": {ANA: Mark.ACTIVE}}
