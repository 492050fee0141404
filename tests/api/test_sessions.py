from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import throttling, tokens
from accounts.models import RevokedToken, User
from tenancy.models import Tenant
from tests.cast import PASSWORD, Company
from tests.machines import Machine

SignIn = Callable[..., Any]


@pytest.fixture
def sign_in(client: Client) -> SignIn:
    def post(email: str = "ana@acme.test", password: str = PASSWORD) -> Any:
        return client.post("/api/auth/token", {"email": email, "password": password}, "application/json")

    return post


def test_token_opens_the_api(acme: Company, client: Client, sign_in: SignIn) -> None:
    pair = sign_in().json()
    answer = client.get("/api/me", headers={"Authorization": f"Bearer {pair['access']}"})
    assert answer.json() == {
        "user": {"id": str(acme.ana.pk), "name": "Ana", "email": "ana@acme.test", "role": "AGENT"},
        "tenant": {"id": str(acme.tenant.pk), "slug": "acme", "name": "Acme"},
    }


def test_token_ignores_the_case_of_the_address(acme: Company, sign_in: SignIn) -> None:
    assert sign_in("Ana@ACME.test").status_code == 200


def test_token_is_refused_to_another_spelling_for_which_guesses_would_be_counted_apart(
    acme: Company, sign_in: SignIn
) -> None:
    assert sign_in("ana@acme.te\u017ft").status_code == 401


def test_token_is_refused_in_the_same_words_for_wrong_password_and_unknown_person(
    acme: Company, sign_in: SignIn
) -> None:
    wrong, unknown = sign_in(password="guess"), sign_in("nobody@acme.test")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong["Content-Type"] == "application/problem+json"
    assert wrong["WWW-Authenticate"].startswith("Bearer")


def test_token_is_refused_to_the_deactivated(acme: Company, sign_in: SignIn) -> None:
    User.objects.filter(pk=acme.ana.pk).update(is_active=False)
    assert sign_in().status_code == 401


def test_token_is_refused_in_a_deactivated_tenant(acme: Company, sign_in: SignIn) -> None:
    Tenant.objects.filter(pk=acme.tenant.pk).update(is_active=False)
    assert sign_in().status_code == 401


def test_guessing_is_slowed_down(acme: Company, sign_in: SignIn) -> None:
    for _ in range(throttling.ATTEMPTS):
        assert sign_in(password="guess").status_code == 401
    refused = sign_in()
    assert refused.status_code == 429
    assert refused.json()["code"] == "rate_limited"
    assert int(refused["Retry-After"]) >= throttling.WINDOW_SECONDS
    assert sign_in("caio@acme.test").status_code == 200


@pytest.mark.parametrize("email", ["a\0b@acme.test", "x" * 300, 7, None])
def test_token_wants_a_plausible_address(acme: Company, sign_in: SignIn, email: Any) -> None:
    refused = sign_in(email)
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["email"]


def test_refresh_gets_another_access_token(acme: Company, client: Client, sign_in: SignIn) -> None:
    pair = sign_in().json()
    answer = client.post("/api/auth/token/refresh", {"refresh": pair["refresh"]}, "application/json")
    access = answer.json()["access"]
    assert client.get("/api/me", headers={"Authorization": f"Bearer {access}"}).status_code == 200


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_refresh_refuses_nonsense(db: None, client: Client, token: str) -> None:
    assert client.post("/api/auth/token/refresh", {"refresh": token}, "application/json").status_code == 401


def test_refresh_refuses_an_access_token(acme: Company, client: Client, sign_in: SignIn) -> None:
    access = sign_in().json()["access"]
    assert client.post("/api/auth/token/refresh", {"refresh": access}, "application/json").status_code == 401


def test_logout_ends_the_refresh_token_and_no_other(acme: Company, client: Client, sign_in: SignIn) -> None:
    gone, kept = sign_in().json()["refresh"], sign_in().json()["refresh"]
    assert client.post("/api/auth/logout", {"refresh": gone}, "application/json").status_code == 204
    assert client.post("/api/auth/logout", {"refresh": gone}, "application/json").status_code == 204
    assert client.post("/api/auth/token/refresh", {"refresh": gone}, "application/json").status_code == 401
    assert client.post("/api/auth/token/refresh", {"refresh": kept}, "application/json").status_code == 200


def test_prune_forgets_only_what_has_expired(acme: Company) -> None:
    tokens.revoke(str(tokens.issue(acme.ana)))
    RevokedToken.objects.create(jti="old", expires_at=timezone.now())
    assert tokens.prune() == 1
    assert RevokedToken.objects.get().jti != "old"


def test_a_new_password_ends_all_tokens(acme: Company, client: Client) -> None:
    token, machine = tokens.issue(acme.ana), Machine(acme.ana)
    acme.ana.set_password("something else")
    acme.ana.save(update_fields=["password"])
    assert client.post("/api/auth/token/refresh", {"refresh": str(token)}, "application/json").status_code == 401
    assert machine.get("/api/me").status_code == 401


def test_deactivation_ends_access_at_once(acme: Company) -> None:
    machine = Machine(acme.ana)
    User.objects.filter(pk=acme.ana.pk).update(is_active=False)
    assert machine.get("/api/me").status_code == 401


def test_a_bad_token_does_not_fall_back_to_the_cookie(acme: Company, client: Client) -> None:
    client.force_login(acme.ana)
    assert client.get("/api/me").status_code == 200
    refused = client.get("/api/me", headers={"Authorization": "Bearer nonsense"})
    assert refused.status_code == 401
    assert refused.json()["code"] == "unauthenticated"


def test_a_token_stands_over_a_neighbours_cookie(acme: Company, globex: Company) -> None:
    machine = Machine(acme.ana)
    machine.force_login(globex.gil)
    assert machine.get("/api/me").json()["tenant"]["slug"] == "acme"


def test_a_cookie_needs_a_csrf_token_to_change_anything(acme: Company) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(acme.ana)
    refused = browser.post("/api/conversations/00000000-0000-0000-0000-000000000000/read")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_staff_know_themselves_but_see_no_tenants_things(db: None) -> None:
    root = Machine(User.objects.create_superuser("root@recado.test", PASSWORD, name="Root"))
    assert root.get("/api/me").json()["tenant"] is None
    refused = root.get("/api/conversations")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_answers_are_in_the_persons_language(acme: Company) -> None:
    User.objects.filter(pk=acme.ana.pk).update(language="en")
    answer = Machine(acme.ana).get("/api/conversations/00000000-0000-0000-0000-000000000000")
    assert answer.json()["detail"] == "There is no such conversation."
    assert answer["Content-Language"] == "en"
