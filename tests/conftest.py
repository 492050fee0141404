"""Fixtures for all tests: the cast, and a webhook that is posted and processed."""

from collections.abc import Callable, Iterator
from contextvars import Context

import pytest
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django.fixtures import Settings

from tenancy.scope import tenant_scope
from tests import cast
from tests.cast import Company
from tests.emptying import empty_tables
from tests.webhooks import signature
from whatsapp import ingest
from whatsapp.secrets import _box

# how long an example takes says more about the machine than about us
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_tables())
        yield


@pytest.fixture
def acme(db: None) -> Company:
    """Our tenant."""
    return cast.acme()


@pytest.fixture
def globex(db: None) -> Company:
    """The neighbour."""
    return cast.globex()


@pytest.fixture
def in_acme(acme: Company) -> Iterator[Company]:
    """Our tenant, and its scope in force."""
    with tenant_scope(acme.tenant):
        yield acme


@pytest.fixture
def post_webhook(client: Client) -> Callable[[bytes], int]:
    """POST a signed body as Meta does; returns the status."""

    def post(raw: bytes) -> int:
        headers = {"X-Hub-Signature-256": signature(raw)}
        # a blank context, as in another process: a test's own tenant scope must not help
        answer = Context().run(client.post, "/webhooks/whatsapp", raw, content_type="application/json", headers=headers)
        return answer.status_code

    return post


@pytest.fixture
def deliver(post_webhook: Callable[[bytes], int]) -> Callable[[bytes], None]:
    """POST a signed body and process the inbox, as the worker would."""

    def run(raw: bytes) -> None:
        assert post_webhook(raw) == 200
        Context().run(ingest.drain)

    return run


@pytest.fixture
def keys(settings: Settings) -> Iterator[Callable[..., None]]:
    """Call it with the ENCRYPTION_KEYS that are known from now on."""

    def know(*names: str) -> None:
        settings.ENCRYPTION_KEYS = list(names)
        _box.cache_clear()

    yield know
    _box.cache_clear()
