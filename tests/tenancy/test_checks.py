from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models
from django.test.utils import isolate_apps

from tenancy import checks
from tenancy.models import SameTenantKey, TenantModel, tenant_constraints
from tenancy.postgresql.base import DatabaseWrapper
from tenancy.scope import owner
from tests.tenancy.notes.models import Folder
from tests.tenancy.test_postgresql import needs_two_logins


@pytest.fixture
def isolated() -> Iterator[None]:
    with isolate_apps("tests.tenancy.notes"):
        yield


def ids(model: type[TenantModel]) -> list[str | None]:
    return [message.id for message in checks._faults(model)]


def test_models_of_the_product_are_in_order() -> None:
    assert checks.check_models() == []


def test_meta_without_a_policy_is_an_error(isolated: None) -> None:
    class Page(TenantModel):
        class Meta(TenantModel.Meta):
            app_label = "notes"
            constraints = []

    assert ids(Page) == ["tenancy.E001"]


@pytest.mark.parametrize("option", ["default_manager_name", "base_manager_name"])
def test_manager_that_forgets_the_tenant_is_an_error(isolated: None, option: str) -> None:
    meta = type("Meta", (), {"app_label": "notes", "constraints": tenant_constraints(), option: "everything"})
    page = type("Page", (TenantModel,), {"__module__": __name__, "Meta": meta, "everything": models.Manager()})

    assert ids(page) == ["tenancy.E002"]


@pytest.mark.parametrize("key", [models.ForeignKey, SameTenantKey])
def test_foreign_key_that_may_cross_tenants_is_an_error(isolated: None, key: type[models.ForeignKey[Any]]) -> None:
    class Page(TenantModel):
        folder = key(Folder, models.CASCADE)

        class Meta(TenantModel.Meta):
            app_label = "notes"

    assert ids(Page) == ["tenancy.E004"]


def test_foreign_key_that_is_checked_twice_is_an_error(isolated: None) -> None:
    class Page(TenantModel):
        folder = models.ForeignKey(Folder, models.CASCADE)

        class Meta(TenantModel.Meta):
            app_label = "notes"
            constraints = tenant_constraints("folder")

    assert ids(Page) == ["tenancy.E007"]


def test_table_of_links_without_tenants_is_an_error(isolated: None) -> None:
    class Page(TenantModel):
        folders = models.ManyToManyField(Folder)

        class Meta(TenantModel.Meta):
            app_label = "notes"

    assert ids(Page) == ["tenancy.E003"]


def test_database_in_order_passes(db: None) -> None:
    assert checks.check_database(databases=["default"]) == []
    assert checks.check_database() == []


def test_table_whose_policies_are_off_is_an_error(db: None) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notes_note DISABLE ROW LEVEL SECURITY")

    (error,) = checks.check_database(databases=["default"])

    assert error.id == "tenancy.E005"
    assert "notes_note" in error.msg


def test_owner_as_application_login_is_an_error_in_production_only(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_database(databases=["default"]) == []
    monkeypatch.setattr(settings, "IS_PRODUCTION", True)

    (error,) = checks.check_database(databases=["default"])

    assert error.id == "tenancy.E006"


def test_migrations_may_run_as_the_owner_in_production(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IS_PRODUCTION", True)
    with owner():
        assert checks.check_database(databases=["default"]) == []


@needs_two_logins
def test_application_login_is_in_order_in_production(
    connect: Callable[..., DatabaseWrapper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "IS_PRODUCTION", True)
    monkeypatch.setattr(checks, "connections", {"default": connect(settings.APPLICATION_LOGIN)})

    assert checks.check_database(databases=["default"]) == []
