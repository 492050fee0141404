"""What each role may do, and where those go who may not."""

import pytest
from django.test import Client

from accounts.models import Role, User
from accounts.permissions import Permission, can
from tests.cast import Company

TABLE = {
    Permission.WORK: {Role.AGENT, Role.SUPERVISOR, Role.ADMIN},
    Permission.MANAGE_BOARDS: {Role.SUPERVISOR, Role.ADMIN},
    Permission.INSPECT: {Role.SUPERVISOR, Role.ADMIN},
    Permission.DEBUG: {Role.ADMIN},
    Permission.MANAGE_PEOPLE: {Role.ADMIN},
    Permission.MANAGE_NUMBERS: {Role.ADMIN},
    Permission.MANAGE_TENANT: {Role.ADMIN},
}


@pytest.mark.parametrize("permission", Permission)
def test_roles_may_do_what_the_table_says(acme: Company, permission: Permission) -> None:
    allowed = {Role(person.role) for person in acme.people.values() if can(person, permission)}
    assert allowed == TABLE[permission]


def test_staff_without_tenant_may_do_nothing_of_a_tenants(db: None) -> None:
    staff = User.objects.create_superuser("root@recado.test", "x", name="Root")
    assert not any(can(staff, permission) for permission in Permission)


def test_staff_of_the_installation_are_sent_to_the_admin(client: Client, db: None) -> None:
    client.force_login(User.objects.create_superuser("root@recado.test", "x", name="Root"))
    assert client.get("/")["Location"] == "/admin/"
    assert client.get("/debug/socket/").status_code == 200


def test_script_of_a_stranger_is_told_so(client: Client, db: None) -> None:
    assert client.get("/fragments/", headers={"Accept": "application/json"}).status_code == 401
    assert client.get("/", headers={"X-Recado-Fragment": "panel"}).status_code == 401
