"""The live page of connections."""

from collections.abc import Iterator

import msgspec
import pytest
from django.conf import LazySettings
from django.test import Client

from realtime.figures import About, _key, _Written
from realtime.stats import PROCESSES
from realtime.store import prefixed, synchronous
from realtime.tally import Tally, Transport
from tests.cast import Company

ADDRESS = "/admin/connections/"
FRAGMENT = {"X-Recado-Fragment": "figures"}


@pytest.fixture
def _process(acme: Company, globex: Company) -> Iterator[None]:
    """A web process with three sockets of acme and forty-two of globex."""
    redis, encode = synchronous(), msgspec.msgpack.encode
    redis.delete(PROCESSES)
    redis.sadd(PROCESSES, "vm.4711.abc")
    redis.hset(prefixed("sockets", "vm.4711.abc"), mapping={str(acme.tenant.pk): 3, str(globex.tenant.pk): 42})
    ours = Tally(connections=3, messages_out=120, errors={"conflict": 2})
    theirs = Tally(connections=42, errors={"too_large": 1})
    redis.hset(
        _key("vm.4711.abc"),
        mapping={
            "process": encode(About("vm", 4711, 1_700_000_000.0, 60.0, 0.25, 0)),
            str(acme.tenant.pk): encode({Transport.WEBSOCKET: _Written(ours, ours)}),
            str(globex.tenant.pk): encode({Transport.TCP: _Written(theirs, theirs)}),
        },
    )
    yield
    redis.delete(PROCESSES, prefixed("sockets", "vm.4711.abc"), _key("vm.4711.abc"))


@pytest.mark.usefixtures("_process")
def test_staff_see_every_process_and_tenant(staff: Client) -> None:
    page = staff.get(ADDRESS).content.decode()
    for word in ("vm · 4711", "<dd>45</dd>", "Acme", "Globex", "conflict", "too_large", "250"):
        assert word in page, word


@pytest.mark.usefixtures("_process")
def test_a_tenants_administrator_sees_its_own_part(bruno: Client) -> None:
    page = bruno.get(ADDRESS).content.decode()
    for word in ("<dd>3</dd>", "conflict", "2,0<small>/s</small>"):
        assert word in page, word
    figures = bruno.get(ADDRESS, headers=FRAGMENT).content.decode()  # a page has tokens, and those any digits
    for word in ("vm ·", "4711", "Globex", "too_large", "45", "42"):
        assert word not in figures, word


@pytest.mark.usefixtures("_process")
def test_page_asks_for_its_figures_alone(bruno: Client) -> None:
    piece = bruno.get(ADDRESS, headers=FRAGMENT).content.decode()
    assert "figures-tiles" in piece
    assert "<html" not in piece


def test_agents_stay_outside(acme: Company, client: Client) -> None:
    client.force_login(acme.ana)
    assert client.get(ADDRESS, follow=True).status_code == 403


def test_index_leads_to_the_page(bruno: Client) -> None:
    assert f'href="{ADDRESS}"' in bruno.get("/admin/").content.decode()


def test_page_says_that_redis_is_away(bruno: Client, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    synchronous.cache_clear()
    try:
        page = bruno.get(ADDRESS)
    finally:
        synchronous.cache_clear()
    assert page.status_code == 200
    assert "Redis" in page.content.decode()
