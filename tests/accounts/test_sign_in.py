"""Signing in, being kept out, signing out."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts import throttling
from accounts.models import User
from tenancy.models import Tenant
from tests.cast import PASSWORD, Company


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> int:
    return client.post("/sign-in/", {"username": email, "password": password, **more}).status_code


def test_stranger_is_asked_to_sign_in_and_comes_back(client: Client, acme: Company) -> None:
    answer = client.get("/?view=mine")
    assert answer["Location"] == "/sign-in/?next=/%3Fview%3Dmine"
    answer = client.post("/sign-in/", {"username": "ana@acme.test", "password": PASSWORD, "next": "/?view=mine"})
    assert answer["Location"] == "/?view=mine"


def test_next_never_leads_to_another_site(client: Client, acme: Company) -> None:
    answer = client.post("/sign-in/", {"username": "ana@acme.test", "password": PASSWORD, "next": "https://evil.test/"})
    assert answer["Location"] == "/"


def test_case_of_the_address_does_not_matter(client: Client, acme: Company) -> None:
    assert sign_in(client, "Ana@Acme.TEST") == 302


def test_neighbours_address_that_looks_alike_is_another(client: Client, acme: Company, globex: Company) -> None:
    User.objects.create_user("ana@acme.te\u017ft", PASSWORD, name="Not Ana", tenant=globex.tenant)
    assert sign_in(client, "ana@acme.test") == 302
    assert client.get("/api/me").json()["user"]["name"] == "Ana"


@pytest.mark.parametrize("email", ["ana@acme.test", "nobody@acme.test"])
def test_wrong_password_and_unknown_address_are_answered_alike(client: Client, acme: Company, email: str) -> None:
    answer = client.post("/sign-in/", {"username": email, "password": "wrong"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "This e-mail and password do not belong together." in answer.content.decode()


def test_guessing_is_slowed_down_for_that_person_only(client: Client, acme: Company) -> None:
    for _ in range(throttling.ATTEMPTS):
        sign_in(client, "ana@acme.test", "wrong")
    assert sign_in(client, "ANA@acme.test") == 200
    assert sign_in(client, "caio@acme.test") == 302


def test_sign_in_works_while_redis_is_away(client: Client, acme: Company, settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert sign_in(client, "ana@acme.test", "wrong") == 200
    assert sign_in(client, "ana@acme.test") == 302


def test_demo_people_are_offered_in_demo_mode_only(client: Client, acme: Company, settings: Settings) -> None:
    assert PASSWORD not in client.get("/sign-in/").content.decode()
    settings.MODE = "demo"
    assert PASSWORD in client.get("/sign-in/").content.decode()


def test_deactivated_person_and_tenant_are_signed_out(client: Client, acme: Company) -> None:
    client.force_login(acme.ana)
    assert client.get("/").status_code == 200
    acme.tenant.is_active = False
    acme.tenant.save(update_fields=["is_active"])
    assert client.get("/").status_code == 302
    acme.tenant.is_active = True
    acme.tenant.save(update_fields=["is_active"])
    assert client.get("/").status_code == 302, "the session is gone for good"

    client.force_login(acme.ana)
    acme.ana.is_active = False
    acme.ana.save(update_fields=["is_active"])
    assert client.get("/").status_code == 302


def test_nobody_signs_in_to_a_deactivated_tenant(client: Client, acme: Company) -> None:
    Tenant.objects.filter(pk=acme.tenant.pk).update(is_active=False)
    assert sign_in(client, "ana@acme.test") == 200


def test_signing_out_needs_a_post(client: Client, acme: Company) -> None:
    client.force_login(acme.ana)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302
