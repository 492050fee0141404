"""What Meta is told, by both ways in: the bare ASGI application and the Django view."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from tenancy.scope import every_tenant, tenant_scope
from tests import cast
from tests.numbers import spoil_secret
from tests.webhooks import body, signature, text, value
from whatsapp import gate, inbox, ingest, letterbox, webhook
from whatsapp.models import Delivery, DeliveryState, Number
from whatsapp.numbers import signer

VECTOR = Path(__file__).resolve().parents[3] / "shared/reference/webhooks/signature_vector"
Post = Callable[..., tuple[int, str]]


def by_view(raw: bytes, sign: str | None = "good", query: str = "", method: str = "POST") -> tuple[int, str]:
    headers = {} if sign is None else {"X-Hub-Signature-256": signature(raw) if sign == "good" else sign}
    answer = Client().generic(
        method, f"/webhooks/whatsapp/{query}", raw, content_type="application/json", headers=headers
    )
    return answer.status_code, answer.content.decode()


def by_asgi(raw: bytes, sign: str | None = "good", query: str = "", method: str = "POST") -> tuple[int, str]:
    given = None if sign is None else signature(raw) if sign == "good" else sign
    headers = [] if given is None else [(b"x-hub-signature-256", given.encode())]
    scope = {"type": "http", "method": method, "headers": headers, "query_string": query.lstrip("?").encode()}
    return async_to_sync(talk)(scope, raw)


async def talk(scope: dict[str, Any], raw: bytes) -> tuple[int, str]:
    sent: list[dict[str, Any]] = []
    chunks = [raw[place : place + 65536] for place in range(0, len(raw), 65536)] or [b""]

    async def receive() -> dict[str, Any]:
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    await webhook.asgi_app(scope, receive, send)
    await letterbox.close()
    return sent[0]["status"], sent[1]["body"].decode()


async def take_in(raw: bytes) -> gate.Answer:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw}

    return await webhook.take_in({"headers": [(b"x-hub-signature-256", signature(raw).encode())]}, receive)


@pytest.fixture(params=["view", "asgi"])
def post(request: pytest.FixtureRequest, transactional_db: None, settings: Settings) -> Post:
    """One of the two ways in. Fresh secrets: the book outlives a test's database."""
    settings.WHATSAPP_ACCEPT_UNSIGNED = False
    gate.secrets.read_at = -1e9
    way = by_view if request.param == "view" else by_asgi
    return lambda *args, **kwargs: Context().run(way, *args, **kwargs)


def test_signed_body_is_stored_as_it_came(post: Post) -> None:
    raw = body(value(text("ação 👋")))
    assert post(raw) == (200, "ok")
    assert bytes(Delivery.objects.get().body) == raw


@pytest.mark.parametrize(
    "sign", [None, "", "sha256=", "sha256=00", "sha1=00", "nonsense", "sha256=" + "g" * 64, "sha256=é"]
)
def test_bad_or_missing_signature_is_refused_and_nothing_stored(post: Post, sign: str | None) -> None:
    assert post(body(value(text())), sign)[0] == 401
    assert Delivery.objects.count() == 0


def test_unsigned_is_accepted_in_demo_mode_only_without_any_signature(post: Post, settings: Settings) -> None:
    settings.WHATSAPP_ACCEPT_UNSIGNED = True
    assert post(body(value(text())), None)[0] == 200
    assert post(body(value(text())), "sha256=00")[0] == 401


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 10_000 + b"]" * 10_000, b"hello"])
def test_what_is_not_json_is_refused(post: Post, raw: bytes) -> None:
    assert post(raw)[0] == 400
    assert post(raw, "sha256=00")[0] == 401
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"null",
        b"[]",
        b"7",
        b'"x"',
        b"{}",
        b'{"entry": 7}',
        b'{"entry": [null, {"changes": {}}]}',
        b'{"a": "\\u0000\\ud800"}',
    ],
)
def test_json_of_any_shape_is_stored(post: Post, raw: bytes) -> None:
    assert post(raw)[0] == 200
    assert Delivery.objects.count() == 1


def test_same_body_twice_is_one_delivery(post: Post) -> None:
    raw = body(value(text()))
    assert [post(raw)[0], post(raw)[0]] == [200, 200]
    assert Delivery.objects.count() == 1


def test_body_over_four_megabytes_is_refused(post: Post) -> None:
    assert post(body(value(text("x" * 5_000_000))))[0] == 413
    assert Delivery.objects.count() == 0


def test_body_of_three_megabytes_with_a_thousand_updates_is_stored(post: Post) -> None:
    raw = body(value(*(text("x" * 2_800) for _ in range(1000))))
    assert 2_900_000 < len(raw) < 4_000_000
    assert post(raw)[0] == 200


def test_signature_of_the_numbers_own_app_is_required(post: Post) -> None:
    company = cast.acme()
    with every_tenant():
        Number.objects.filter(pk=company.number.pk).update(app_secret="own-secret")
    raw = body(value(text()))
    assert post(raw, signature(raw))[0] == 401
    assert post(raw, signature(raw, "own-secret"))[0] == 200
    assert Delivery.objects.get().signed_with == signer(raw, signature(raw, "own-secret"), ["own-secret"])


def test_numbers_of_one_account_may_belong_to_different_apps(post: Post) -> None:
    company = cast.acme()
    with tenant_scope(company.tenant):
        for name, secret in (("a", "one"), ("b", "other")):
            Number.objects.create(phone_number_id=name, waba_id="test-entry", display_number="1", app_secret=secret)
    news = body({"event": "ACCOUNT_DELETED"}, field="account_update")
    for place, secret in enumerate(("one", "other", "demo-app-secret")):
        raw = news + b" " * place
        assert post(raw, signature(raw, secret))[0] == 200
    assert post(body(value(text())))[0] == 200
    of_a = body(value(text(), number="a"))
    assert post(of_a)[0] == post(of_a, signature(of_a, "other"))[0] == 401
    ingest.drain()
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}


def test_number_whose_secret_cannot_be_read_keeps_back_only_itself(post: Post) -> None:
    acme = cast.acme()
    cast.globex()
    spoil_secret(acme)
    ours = body(value(text()))
    theirs = body(value(text(), number="test-phone-id-2"), waba="test-entry-2")
    assert post(ours, signature(ours))[0] == 503
    assert post(theirs, signature(theirs))[0] == 200
    with every_tenant():
        Number.objects.filter(pk=acme.number.pk).update(app_secret="typed in again")
    gate.secrets.read_at = -1e9
    assert post(ours, signature(ours, "typed in again"))[0] == 200


@pytest.mark.skipif(not VECTOR.exists(), reason="the vector is somebody else's and not part of the project")
def test_published_signature_vector_verifies() -> None:
    words = (VECTOR / "vector.txt").read_text()
    secret = words.split("app_secret: ")[1].split()[0]
    header = words.split("X-Hub-Signature-256: ")[1].split()[0]
    raw = (VECTOR / "body.bin").read_bytes()
    assert signer(raw, header, ["another", secret])
    assert signer(raw + b" ", header, [secret]) is None


def test_database_away_means_503_and_meta_tries_again(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_bodies: object) -> None:
        raise OperationalError

    monkeypatch.setattr(inbox, "_insert", refuse)
    assert post(body(value(text())))[0] == 503


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?hub.mode=subscribe&hub.verify_token=demo-verify-token&hub.challenge=1158201444", (200, "1158201444")),
        ("?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", (403, "Wrong verify token.")),
        ("?hub.mode=other&hub.verify_token=demo-verify-token&hub.challenge=1", (403, "Wrong verify token.")),
        ("?hub.challenge=1", (403, "Wrong verify token.")),
        ("", (403, "Wrong verify token.")),
    ],
)
def test_subscription_is_verified_as_meta_does_it(post: Post, query: str, expected: tuple[int, str]) -> None:
    assert post(b"", None, query, "GET") == expected


def test_challenge_is_never_html(transactional_db: None) -> None:
    answer = Client().get(
        "/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=demo-verify-token&hub.challenge=<script>"
    )
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_number_may_have_a_verify_token_of_its_own(post: Post) -> None:
    company = cast.acme()
    with every_tenant():
        Number.objects.filter(pk=company.number.pk).update(verify_token="its-own")
    assert post(b"", None, "?hub.mode=subscribe&hub.verify_token=its-own&hub.challenge=7", "GET") == (200, "7")


def test_requests_of_the_same_moment_share_a_commit(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty at once: each is stored, in far fewer statements than requests."""
    stored: list[int] = []
    real = inbox.store

    def store(bodies: Any) -> None:
        stored.append(len(bodies))
        real(bodies)

    monkeypatch.setattr(inbox, "store", store)
    gate.secrets.read_at = -1e9

    async def fifty() -> list[gate.Answer]:
        answers = await asyncio.gather(*(take_in(body(value(text(str(place))))) for place in range(50)))
        await letterbox.close()
        return answers

    assert set(async_to_sync(fifty)()) == {gate.OK}
    assert Delivery.objects.count() == sum(stored) == 50
    assert len(stored) < 10
