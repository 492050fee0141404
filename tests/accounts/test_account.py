"""The page on which people change their password and end their other sessions."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import throttling, tokens
from tests.cast import PASSWORD, Company

NEW = "cavalo-bateria-grampo"


@pytest.fixture
def browser(client: Client, acme: Company) -> Client:
    cache.clear()
    client.force_login(acme.ana)
    return client


def change(browser: Client, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> bytes:
    data = {"old_password": old, "new_password1": new, "new_password2": again}
    return browser.post("/account/", data, follow=True).content


def test_new_password_lets_in_and_ends_other_sessions(browser: Client, acme: Company) -> None:
    elsewhere, refresh = Client(), str(tokens.issue(acme.ana))
    elsewhere.force_login(acme.ana)
    assert "Sua senha foi trocada" in change(browser).decode()
    acme.ana.refresh_from_db()
    assert acme.ana.check_password(NEW)
    assert browser.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    with pytest.raises(tokens.TokenError):
        tokens.refresh(refresh)


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("errada", NEW, NEW, "Esta não é a sua senha atual."),
        (PASSWORD, NEW, NEW + "x", "não correspondem"),
        (PASSWORD, "curta", "curta", "muito curta"),
        (PASSWORD, "ana@acme.test", "ana@acme.test", "parecida"),
    ],
)
def test_password_is_not_changed(browser: Client, acme: Company, old: str, new: str, again: str, said: str) -> None:
    assert said in change(browser, old, new, again).decode()
    acme.ana.refresh_from_db()
    assert acme.ana.check_password(PASSWORD)


def test_whoever_finds_the_screen_unlocked_cannot_guess_for_long(browser: Client, acme: Company) -> None:
    for _ in range(throttling.ATTEMPTS):
        change(browser, old="errada")
    assert "Tentativas demais" in change(browser).decode()
    acme.ana.refresh_from_db()
    assert acme.ana.check_password(PASSWORD)


def test_signing_out_everywhere_else_keeps_this_session_only(browser: Client, acme: Company) -> None:
    elsewhere, refresh = Client(), str(tokens.issue(acme.ana))
    elsewhere.force_login(acme.ana)
    assert "Você saiu de todos os outros lugares." in browser.post("/account/sign-outs/", follow=True).content.decode()
    assert elsewhere.get("/account/").status_code == 302
    with pytest.raises(tokens.TokenError):
        tokens.refresh(refresh)


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/account/").headers["Location"] == "/sign-in/?next=/account/"
    assert client.post("/account/sign-outs/").headers["Location"].startswith("/sign-in/")
