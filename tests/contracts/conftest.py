"""Two tenants with the same things, for everything that tries the one with what belongs to the other."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.contracts.world import World, world


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, World]]:
    """Two tenants with the same things, each with words of its own; made once, because it takes a while."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with files, django_db_blocker.unblock(), transaction.atomic():
        yield {"acme": world("acme", "zanzibar", 1), "globex": world("globex", "quetzal", 2)}
        transaction.set_rollback(True)


@pytest.fixture
def worlds(made: dict[str, World], db: None) -> dict[str, World]:
    """The two, as they were made: what a test changes is rolled back with it."""
    cache.clear()
    return made


@pytest.fixture
def own(worlds: dict[str, World], mine: str) -> World:
    return worlds[mine]


@pytest.fixture
def neighbour(worlds: dict[str, World], mine: str) -> World:
    return next(each for slug, each in worlds.items() if slug != mine)
