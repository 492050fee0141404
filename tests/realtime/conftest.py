"""A server for the whole run, and one's own Redis for those who stop it."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from pytest_django import Settings

from realtime import publisher, store
from tests.realtime.serving import Program, free_port, serve, valkey


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: object) -> Iterator[Program]:
    """Our application under uvicorn. Tests share it: each has tenants of its own."""
    with serve(settings.REDIS_URL) as running:
        yield running


@pytest.fixture
def own_redis_port(settings: Settings) -> Iterator[int]:
    """This process speaks to a Redis that the test starts and stops on this port."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    before = publisher._publisher
    settings.REDIS_URL = url
    settings.CHANNEL_LAYERS = {
        "default": {**settings.CHANNEL_LAYERS["default"], "CONFIG": {"hosts": [url], "prefix": "recado"}}
    }
    store.synchronous.cache_clear()
    publisher._publisher = None
    yield port
    publisher._publisher = before
    store.synchronous.cache_clear()


@pytest.fixture
def own_redis(own_redis_port: int) -> Iterator[Program]:
    """A running Redis that only this test uses."""
    with valkey(own_redis_port) as running:
        yield running
