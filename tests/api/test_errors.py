from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client

from accounts import tokens
from api.throttles import PerPerson
from conversations.models import Conversation
from tests.cast import Company
from tests.machines import Machine

ANYTHING = "/api/conversations/00000000-0000-0000-0000-000000000000"


def _told(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["code"]


def test_strangers_are_asked_who_they_are(db: None, client: Client) -> None:
    refused = client.get("/api/conversations")
    assert _told(refused) == (401, "unauthenticated")
    assert refused["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/api/nonsense", "/api/", "/api/conversations/1", "/api/conversations//"])
def test_unknown_addresses_are_problems_not_pages(db: None, client: Client, path: str) -> None:
    assert _told(client.get(path)) == (404, "not_found")


def test_unknown_method_is_a_problem(acme: Company) -> None:
    assert _told(Machine(acme.ana).send("DELETE", "/api/conversations")) == (405, "bad_request")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "bad_json"),
        (b"\xff", "bad_json"),
        (b'{"status": "\\ud800"}', "bad_json"),
        (b'{"a":' * 10_000, "bad_json"),
        (b"[]", "bad_request"),
        (b"7", "bad_request"),
    ],
)
def test_what_is_no_json_object_is_refused(acme: Company, conversation: Conversation, body: bytes, code: str) -> None:
    refused = Machine(acme.ana).send("PATCH", f"/api/conversations/{conversation.pk}", body)
    assert _told(refused) == (400, code)


def test_forms_are_refused(acme: Company, conversation: Conversation) -> None:
    assert _told(Machine(acme.ana).post(f"/api/conversations/{conversation.pk}/move", {"a": "b"})) == (
        415,
        "bad_request",
    )


def test_huge_bodies_are_refused(acme: Company, conversation: Conversation) -> None:
    huge = b'"' + b"x" * 5_000_000 + b'"'
    refused = Machine(acme.ana).send("PATCH", f"/api/conversations/{conversation.pk}", huge)
    assert _told(refused) == (413, "too_large")


def test_too_many_requests_are_told_when_to_come_back(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PerPerson, "rate", "2/min", raising=False)
    ana, caio = Machine(acme.ana), Machine(acme.caio)
    assert [ana.get(ANYTHING).status_code for _ in range(3)] == [404, 404, 429]
    refused = ana.get(ANYTHING)
    assert _told(refused) == (429, "rate_limited")
    assert 0 < int(refused["Retry-After"]) <= 61
    assert 0 < refused.json()["retryAfterMs"] <= 60_000
    assert caio.get(ANYTHING).status_code == 404


def test_strangers_are_counted_by_the_address_that_the_server_sees(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PerPerson, "rate", "2/min", raising=False)
    statuses = [
        client.post(
            "/api/auth/token/refresh", {"refresh": ""}, "application/json", headers={"X-Forwarded-For": f"10.0.0.{n}"}
        ).status_code
        for n in range(3)
    ]
    assert statuses == [401, 401, 429]


@pytest.fixture
def _without_redis(settings: LazySettings) -> Iterator[None]:
    dead = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": dead}
    yield
    caches.close_all()


@pytest.mark.usefixtures("_without_redis")
def test_without_redis_nobody_is_counted_and_everybody_served(acme: Company, conversation: Conversation) -> None:
    assert Machine(acme.ana).get("/api/conversations").status_code == 200


def test_a_bug_is_an_internal_problem_without_details(
    acme: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError("the secret reason")

    monkeypatch.setattr("conversations.queries.conversation_page", fail)
    refused = Machine(acme.ana).get("/api/conversations")
    assert _told(refused) == (500, "internal")
    assert b"secret" not in refused.content
    assert "the secret reason" in caplog.text


def test_what_fails_before_an_endpoint_is_reached_is_a_problem_too(
    acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(acme.ana)
    machine.raise_request_exception = False

    def away(_token: str) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(tokens, "owner_of", away)
    assert _told(machine.get("/api/conversations")) == (500, "internal")
    assert machine.get("/")["Content-Type"].startswith("text/html")
