import asyncio
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async

from tenancy.ids import uuid7
from tenancy.models import Tenant
from tenancy.scope import (
    EVERYBODY,
    NOBODY,
    OWNER,
    Entering,
    NoTenant,
    Scope,
    WrongTenant,
    current,
    current_tenant_id,
    every_tenant,
    owner,
    tenant_scope,
)

ACME, GLOBEX = uuid7(), uuid7()


def test_scope_is_nobodys_by_default() -> None:
    assert current() == NOBODY
    with pytest.raises(NoTenant):
        current_tenant_id()


@pytest.mark.parametrize("given", [ACME, str(ACME), Tenant(id=ACME)], ids=["id", "text", "row"])
def test_tenant_scope_takes_an_id_or_a_row(given: UUID | str | Tenant) -> None:
    with tenant_scope(given):
        assert current_tenant_id() == ACME


def test_tenant_scope_refuses_what_is_no_id() -> None:
    with pytest.raises(ValueError, match="UUID"):
        tenant_scope("acme'; DROP TABLE tenancy_tenant; --")


def test_scope_is_left_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), tenant_scope(ACME):
        _ = 1 / 0

    assert current() == NOBODY


def test_every_tenant_is_no_single_tenant() -> None:
    with every_tenant(), pytest.raises(NoTenant):
        current_tenant_id()


def test_scope_may_be_repeated() -> None:
    scope = tenant_scope(ACME)
    with scope:
        with scope, tenant_scope(ACME):
            pass
        assert current_tenant_id() == ACME

    assert current() == NOBODY


def test_staff_may_enter_one_tenant_after_the_other() -> None:
    with every_tenant():
        for tenant_id in (ACME, GLOBEX):
            with tenant_scope(tenant_id):
                assert current_tenant_id() == tenant_id
        assert current() == EVERYBODY


@pytest.mark.parametrize("wider", [tenant_scope(GLOBEX), every_tenant(), owner()], ids=["neighbour", "every", "owner"])
def test_scope_of_a_tenant_cannot_be_swapped_or_widened(wider: Entering) -> None:
    with tenant_scope(ACME):
        with pytest.raises(WrongTenant), wider:
            pass
        assert current_tenant_id() == ACME


def test_staff_cannot_act_as_owner() -> None:
    with every_tenant(), pytest.raises(WrongTenant), owner():
        pass


def test_migrations_may_enter_tenants() -> None:
    with owner():
        with tenant_scope(ACME):
            assert current_tenant_id() == ACME
        assert current() == OWNER


def test_scope_decorates_a_function_and_is_entered_on_every_call() -> None:
    @every_tenant()
    def reach() -> Scope:
        return current()

    assert [reach(), reach()] == [EVERYBODY, EVERYBODY]
    assert current() == NOBODY


def test_scope_refuses_to_decorate_what_runs_later() -> None:
    def generator() -> Iterator[int]:
        yield 1

    async def coroutine() -> None: ...

    async def stream() -> AsyncIterator[int]:
        yield 1

    for func in (generator, coroutine, stream):
        with pytest.raises(TypeError, match="enter it inside"):
            tenant_scope(ACME)(func)


def test_scope_that_a_generator_leaks_cannot_be_mixed_with_another() -> None:
    def rows(tenant_id: UUID) -> Generator[UUID]:
        with tenant_scope(tenant_id):
            yield current_tenant_id()

    leaking = rows(ACME)
    next(leaking)
    with pytest.raises(WrongTenant):
        next(rows(GLOBEX))
    leaking.close()

    assert current() == NOBODY


def test_scope_does_not_follow_a_new_thread() -> None:
    seen = []
    with tenant_scope(ACME):
        thread = threading.Thread(target=lambda: seen.append(current()))
        thread.start()
        thread.join()

    assert seen == [NOBODY]


async def test_scope_follows_await_and_sync_to_async() -> None:
    with tenant_scope(ACME):
        assert await sync_to_async(current_tenant_id)() == ACME
        assert await sync_to_async(current_tenant_id, thread_sensitive=False)() == ACME


async def test_scopes_of_concurrent_tasks_do_not_mix() -> None:
    async def work(tenant_id: UUID, meet: asyncio.Barrier) -> UUID:
        with tenant_scope(tenant_id):
            await meet.wait()
            return current_tenant_id()

    meet = asyncio.Barrier(2)

    assert list(await asyncio.gather(work(ACME, meet), work(GLOBEX, meet))) == [ACME, GLOBEX]
    assert current() == NOBODY
