from collections.abc import Callable
from contextvars import Context
from typing import TypeVar

import pytest
from celery import Celery

from tenancy.ids import uuid7
from tenancy.scope import NOBODY, WrongTenant, current, current_tenant_id, tenant_scope
from tenancy.tasks import TenantTask

T = TypeVar("T")
celery = Celery("test", set_as_current=False)


@celery.task(base=TenantTask)
def whose(tenant_id: str, word: str = "") -> tuple[str, str, str]:
    return tenant_id, str(current_tenant_id()), word


@celery.task(base=TenantTask)
def fail(tenant_id: str) -> None:
    raise ZeroDivisionError


def in_a_worker(call: Callable[[], T]) -> T:
    """A worker inherits no scope from whoever queued the task."""
    return Context().run(call)


def test_task_runs_in_the_scope_of_its_first_argument() -> None:
    tenant_id = str(uuid7())

    assert in_a_worker(lambda: whose.apply((tenant_id, "x")).get()) == (tenant_id, tenant_id, "x")
    assert in_a_worker(lambda: whose.apply((), {"tenant_id": tenant_id}).get()) == (tenant_id, tenant_id, "")


def test_task_leaves_the_scope_when_it_fails() -> None:
    def work() -> None:
        with pytest.raises(ZeroDivisionError):
            fail(str(uuid7()))
        assert current() == NOBODY

    in_a_worker(work)


def test_task_of_a_neighbour_does_not_run_inside_a_scope() -> None:
    with tenant_scope(uuid7()), pytest.raises(WrongTenant):
        whose(str(uuid7()))


def test_task_without_a_tenant_does_not_run() -> None:
    for nonsense in ("", "acme"):
        with pytest.raises(ValueError, match="UUID"):
            whose(nonsense)
