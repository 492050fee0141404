from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Team, User
from tenancy.scope import tenant_scope
from tests.admin.addresses import page_of
from tests.cast import PASSWORD, Company

NEW = {
    "email": "nina@acme.test",
    "name": "Nina",
    "role": "AGENT",
    "usable_password": "true",
    "password1": "a good long one",
    "password2": "a good long one",
}


def _as_filled_in(user: User, **changes: Any) -> dict[str, Any]:
    filled = {"email": user.email, "name": user.name, "role": user.role, "language": "", "is_active": "on"}
    return {name: value for name, value in (filled | changes).items() if value is not None}


def test_an_administrator_hires_for_its_own_tenant(acme: Company, bruno: Client) -> None:
    assert bruno.post("/admin/accounts/user/add/", NEW).status_code == 302
    nina = User.objects.get(email="nina@acme.test")
    assert (nina.tenant_id, nina.role, nina.is_staff) == (acme.tenant.pk, "AGENT", False)
    assert nina.check_password("a good long one")


def test_an_administrator_cannot_hire_staff_nor_for_others(acme: Company, globex: Company, bruno: Client) -> None:
    wanted = {**NEW, "tenant": str(globex.tenant.pk), "is_staff": "on", "is_superuser": "on"}
    bruno.post("/admin/accounts/user/add/", wanted)
    nina = User.objects.get(email="nina@acme.test")
    assert (nina.tenant_id, nina.is_staff, nina.is_superuser) == (acme.tenant.pk, False, False)


def test_an_administrator_cannot_promote_or_move_anybody(acme: Company, globex: Company, bruno: Client) -> None:
    wanted = _as_filled_in(
        acme.ana, role="SUPERVISOR", tenant=str(globex.tenant.pk), is_staff="on", is_superuser="on", groups="1"
    )
    assert bruno.post(page_of(acme.ana), wanted).status_code == 302
    ana = User.objects.get(pk=acme.ana.pk)
    assert (ana.role, ana.tenant_id, ana.is_staff, ana.is_superuser) == ("SUPERVISOR", acme.tenant.pk, False, False)


def test_an_administrator_gives_a_new_password(acme: Company, bruno: Client) -> None:
    address = page_of(acme.ana).replace("change", "password")
    passwords = {"usable_password": "true", "password1": "another good one", "password2": "another good one"}
    assert bruno.post(address, passwords).status_code == 302
    assert User.objects.get(pk=acme.ana.pk).check_password("another good one")


def test_nobody_is_deleted_but_anybody_can_be_deactivated(acme: Company, bruno: Client, staff: Client) -> None:
    for client in (bruno, staff):
        assert client.post(page_of(acme.ana).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert bruno.post(page_of(acme.ana), _as_filled_in(acme.ana, is_active=None)).status_code == 302
    assert not User.objects.get(pk=acme.ana.pk).is_active


def test_an_administrator_sees_its_own_people_only(acme: Company, globex: Company, bruno: Client) -> None:
    page = bruno.get("/admin/accounts/user/").content.decode()
    assert "ana@acme.test" in page
    assert "gil@globex.test" not in page
    for suffix in ("change", "password", "delete", "history"):
        assert bruno.get(page_of(globex.gil).replace("change", suffix)).status_code in {403, 404}
    assert bruno.post(page_of(globex.gil), _as_filled_in(globex.gil, name="Hacked")).status_code == 404


def test_staff_hire_for_any_tenant(globex: Company, staff: Client) -> None:
    asked = {**NEW, "tenant": str(globex.tenant.pk), "role": "ADMIN", "is_staff": "on"}
    assert staff.post("/admin/accounts/user/add/", asked).status_code == 302
    nina = User.objects.get(email="nina@acme.test")
    assert (nina.tenant_id, nina.is_staff, nina.role) == (globex.tenant.pk, True, "ADMIN")


def test_only_staff_belong_to_no_tenant(db: None, staff: Client) -> None:
    assert staff.post("/admin/accounts/user/add/", NEW).status_code == 200
    assert not User.objects.filter(email="nina@acme.test").exists()
    assert staff.post("/admin/accounts/user/add/", {**NEW, "is_staff": "on"}).status_code == 302
    assert User.objects.get(email="nina@acme.test").is_installation_staff


def test_staff_without_a_tenant_stay_staff(root: User, staff: Client) -> None:
    assert staff.post(page_of(root), _as_filled_in(root, is_staff=None)).status_code == 200
    assert staff.post(page_of(root), _as_filled_in(root, is_staff="on", name="Rute")).status_code == 302
    assert User.objects.get(pk=root.pk).is_installation_staff


def test_a_language_is_one_that_there_is(acme: Company, bruno: Client) -> None:
    for language, answer in (("klingon", 200), ("en", 302), ("", 302)):
        assert bruno.post(page_of(acme.ana), _as_filled_in(acme.ana, language=language)).status_code == answer


def test_not_even_staff_move_a_person_to_another_tenant(acme: Company, globex: Company, staff: Client) -> None:
    assert staff.post(page_of(acme.ana), _as_filled_in(acme.ana, tenant=str(globex.tenant.pk))).status_code == 302
    assert User.objects.get(pk=acme.ana.pk).tenant_id == acme.tenant.pk


def test_an_address_is_taken_whatever_its_case(acme: Company, bruno: Client) -> None:
    assert bruno.post("/admin/accounts/user/add/", {**NEW, "email": "ANA@acme.test"}).status_code == 200
    assert User.objects.filter(email__iexact="ana@acme.test").count() == 1


def _team(*members: User) -> dict[str, Any]:
    rows = {f"membership_set-{place}-user": str(member.pk) for place, member in enumerate(members)}
    counts = {"membership_set-TOTAL_FORMS": len(members), "membership_set-INITIAL_FORMS": 0}
    return {"name": "Vendas", **counts, **rows}


def test_an_administrator_makes_a_team(acme: Company, bruno: Client) -> None:
    assert bruno.post("/admin/accounts/team/add/", _team(acme.ana, acme.caio)).status_code == 302
    with tenant_scope(acme.tenant):
        assert Team.objects.get().members.count() == 2


def test_staff_make_a_team_for_a_tenant(globex: Company, staff: Client) -> None:
    asked = {**_team(globex.gil), "for_tenant": str(globex.tenant.pk)}
    assert staff.post("/admin/accounts/team/add/", asked).status_code == 302
    with tenant_scope(globex.tenant):
        assert Team.objects.get().members.get() == globex.gil


@pytest.mark.parametrize("who", ["staff", "bruno"])
def test_a_neighbour_joins_no_team(acme: Company, globex: Company, request: pytest.FixtureRequest, who: str) -> None:
    client: Client = request.getfixturevalue(who)
    page = client.post("/admin/accounts/team/add/", {**_team(globex.gil), "for_tenant": str(acme.tenant.pk)})
    assert page.status_code == 200
    if who == "bruno":
        assert "Gil" not in page.content.decode()
    with tenant_scope(acme.tenant):
        assert not Membership.objects.exists()


def test_colleagues_are_suggested_for_a_team(acme: Company, globex: Company, bruno: Client) -> None:
    asked = {"app_label": "accounts", "model_name": "membership", "field_name": "user", "term": ""}
    found = bruno.get("/admin/autocomplete/", asked).json()["results"]
    assert sorted(each["text"] for each in found) == ["Ana", "Bruno", "Caio", "Sofia"]


def test_staff_sign_in_by_password_and_land_in_the_admin(root: User, client: Client) -> None:
    answer = client.post("/sign-in/?next=/admin/", {"username": "root@recado.test", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/"
    assert answer.status_code == 200
