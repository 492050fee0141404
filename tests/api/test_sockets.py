from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import User
from realtime.stats import PROCESSES
from realtime.store import prefixed, synchronous
from tests.cast import PASSWORD, Company
from tests.machines import Machine


@pytest.fixture
def _sockets(acme: Company, globex: Company) -> Iterator[None]:
    """Two processes: acme has 2 + 1 sockets, globex 4."""
    redis = synchronous()
    redis.delete(PROCESSES)
    counts: dict[str, dict[Any, Any]] = {
        "a": {str(acme.tenant.pk): 2, "": 0},
        "b": {str(acme.tenant.pk): 1, str(globex.tenant.pk): 4, "": 0},
    }
    for process, sockets in counts.items():
        redis.sadd(PROCESSES, process)
        redis.hset(prefixed("sockets", process), mapping=sockets)
    yield
    redis.delete(PROCESSES, *(prefixed("sockets", process) for process in counts))


@pytest.mark.usefixtures("_sockets")
def test_a_tenants_admin_sees_its_own_sockets(acme: Company) -> None:
    for person in (acme.bruno, acme.sofia):
        answer = Machine(person).get("/api/socket/stats").json()
        assert (answer["totalConnections"], answer["connectionsByTenant"]) == (3, {str(acme.tenant.pk): 3})


@pytest.mark.usefixtures("_sockets")
def test_staff_see_all_sockets(acme: Company, globex: Company) -> None:
    root = User.objects.create_superuser("root@recado.test", PASSWORD, name="Root")
    answer = Machine(root).get("/api/socket/stats").json()
    assert answer["totalConnections"] == 7
    assert answer["connectionsByTenant"] == {str(acme.tenant.pk): 3, str(globex.tenant.pk): 4}


def test_agents_see_no_sockets(acme: Company) -> None:
    refused = Machine(acme.ana).get("/api/socket/stats")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_without_redis_nobody_knows(acme: Company, settings: LazySettings) -> None:
    machine = Machine(acme.bruno)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    synchronous.cache_clear()
    try:
        assert machine.get("/api/socket/stats").status_code == 503
    finally:
        synchronous.cache_clear()
