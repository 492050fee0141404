import pytest
from django.test import Client

from kanban.models import Board
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.admin.addresses import page_of
from tests.cast import Company

NEW = {
    "slug": "initech",
    "name": "Initech",
    "language": "en",
    "time_zone": "America/Sao_Paulo",
    "undo_send_seconds": "5",
    "is_active": "on",
}


def test_a_new_tenant_starts_with_a_board_in_its_language(staff: Client) -> None:
    assert staff.post("/admin/tenancy/tenant/add/", NEW).status_code == 302
    with tenant_scope(Tenant.objects.get(slug="initech")):
        board = Board.objects.get()
        assert (board.name, board.columns.count()) == ("Customer service", 4)


@pytest.mark.parametrize(("field", "value"), [("language", "English"), ("time_zone", "Sao Paulo")])
def test_a_language_and_a_time_zone_are_ones_that_there_are(staff: Client, field: str, value: str) -> None:
    assert staff.post("/admin/tenancy/tenant/add/", {**NEW, field: value}).status_code == 200
    assert not Tenant.objects.exists()


def test_staff_close_a_tenant(acme: Company, staff: Client, client: Client) -> None:
    client.force_login(acme.ana)
    assert staff.post(page_of(acme.tenant), {**NEW, "slug": "acme", "is_active": ""}).status_code == 302
    assert client.get("/").status_code == 302


def test_an_administrator_names_its_own_tenant_and_no_more(acme: Company, globex: Company, bruno: Client) -> None:
    assert bruno.post(page_of(acme.tenant), {**NEW, "name": "Acme S.A.", "is_active": ""}).status_code == 302
    tenant = Tenant.objects.get(pk=acme.tenant.pk)
    assert (tenant.name, tenant.slug, tenant.is_active) == ("Acme S.A.", "acme", True)
    assert "Globex" not in bruno.get("/admin/tenancy/tenant/").content.decode()
    assert bruno.get(page_of(globex.tenant)).status_code == 404
    assert bruno.get("/admin/tenancy/tenant/add/").status_code == 403


def test_tenants_are_not_deleted(acme: Company, staff: Client) -> None:
    assert staff.post(page_of(acme.tenant).replace("change", "delete"), {"post": "yes"}).status_code == 403
