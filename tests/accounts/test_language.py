"""Which language a page speaks."""

import pytest
from django.test import Client

from tests.cast import Company


def language(client: Client, accept: str = "") -> str:
    return client.get("/sign-in/", headers={"Accept-Language": accept})["Content-Language"]


@pytest.mark.parametrize(
    ("accept", "spoken"), [("", "pt-br"), ("pt", "pt-br"), ("en-GB,en;q=0.9", "en"), ("de,fr", "pt-br")]
)
def test_stranger_is_spoken_to_as_the_browser_asks(client: Client, db: None, accept: str, spoken: str) -> None:
    assert language(client, accept) == spoken


def test_choice_stays_with_the_browser_and_the_person(client: Client, acme: Company) -> None:
    client.force_login(acme.ana)
    answer = client.post("/language/", {"language": "en", "next": "/?view=mine"})
    assert answer["Location"] == "/?view=mine"
    assert client.get("/", headers={"Accept-Language": "pt-BR"})["Content-Language"] == "en"
    client.post("/sign-out/")
    assert language(client, "pt-BR") == "en"
    acme.ana.refresh_from_db()
    assert acme.ana.language == "en"


def test_unknown_language_and_foreign_way_back_change_nothing(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "tlh", "next": "https://evil.test/"})
    assert answer["Location"] == "/"
    assert language(client) == "pt-br"
