"""Two tenants with the same things in them: whatever one can see of the other's would show."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections

from config.environment import database
from tenancy.models import Tenant
from tenancy.postgresql.base import DatabaseWrapper
from tenancy.scope import every_tenant, owner
from tests.tenancy.notes.models import Author, Folder, Note


@dataclass(frozen=True)
class Shelf:
    """A tenant with an author, a folder, and a note in it."""

    tenant: Tenant
    author: Author
    folder: Folder
    note: Note


def stock(slug: str) -> Shelf:
    """Fill a tenant's shelf; the titles are the same for all."""
    with every_tenant():
        tenant = Tenant.objects.create(slug=slug, name=slug.title())
        author = Author.objects.create(tenant=tenant, name=f"{slug}'s author")
        folder = Folder.objects.create(tenant=tenant, title="Secrets")
        note = Note.objects.create(tenant=tenant, folder=folder, author=author, text=f"{slug}'s secret")
    return Shelf(tenant, author, folder, note)


@pytest.fixture
def acme(db: None) -> Shelf:
    return stock("acme")


@pytest.fixture
def globex(db: None) -> Shelf:
    return stock("globex")


@pytest.fixture
def committed_acme(transactional_db: None) -> Shelf:
    """For other connections to see."""
    return stock("acme")


@pytest.fixture
def committed_globex(transactional_db: None) -> Shelf:
    """For other connections to see."""
    return stock("globex")


@pytest.fixture
async def async_database(transactional_db: None) -> AsyncIterator[None]:
    """Close what the thread behind `sync_to_async` opened; a test database with a session in it cannot be dropped."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def connect(transactional_db: None) -> Iterator[Callable[..., DatabaseWrapper]]:
    """Make further connections to the test database: other logins, other options."""
    opened: list[DatabaseWrapper] = []

    def open_one(login: str | None = None, **options: Any) -> DatabaseWrapper:
        given = {**connection.settings_dict, "OPTIONS": {**connection.settings_dict["OPTIONS"], **options}}
        if login == settings.APPLICATION_LOGIN:
            given |= {"USER": login, "PASSWORD": database(settings.DATABASE_URL)["PASSWORD"]}
        opened.append(DatabaseWrapper(given, alias=f"other{len(opened)}"))
        return opened[-1]

    yield open_one
    for other in opened:
        other.close()
        other.close_pool()


@pytest.fixture
def new_role(transactional_db: None) -> Iterator[Callable[[str], str]]:
    """Make a role of the cluster for one test; whoever fails to clean up leaves it named after the test database."""
    names: list[str] = []

    def make(name: str) -> str:
        names.append(f"{connection.settings_dict['NAME']}_{name}")
        as_owner(f"DROP ROLE IF EXISTS {names[-1]}; CREATE ROLE {names[-1]}")
        return names[-1]

    yield make
    for name in names:
        as_owner(f"DROP ROLE {name}")


def as_owner(sql: str) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute(sql)
