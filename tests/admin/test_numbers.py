from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.utils import timezone

from conversations.models import Attachment, Conversation
from tenancy.scope import tenant_scope
from tests.admin.addresses import list_of, page_of
from tests.cast import Company
from tests.webhooks import body, value
from whatsapp.models import Number, NumberState

SECRETS = {"access_token": "new-access-token", "app_secret": "new-app-secret", "verify_token": "new-verify-token"}


def _as_filled_in(number: Number, **changes: Any) -> dict[str, Any]:
    names = ("phone_number_id", "waba_id", "display_number", "name", "state")
    return {**{name: getattr(number, name) for name in names}, **dict.fromkeys(SECRETS, ""), **changes}


def _stored(company: Company) -> Number:
    with tenant_scope(company.tenant):
        return Number.objects.get(pk=company.number.pk)


@pytest.mark.parametrize("who", ["staff", "bruno"])
def test_secrets_go_in_and_never_come_out(acme: Company, request: pytest.FixtureRequest, who: str) -> None:
    client: Client = request.getfixturevalue(who)
    assert client.post(page_of(acme.number), _as_filled_in(acme.number, **SECRETS)).status_code == 302
    for name, secret in SECRETS.items():
        assert getattr(_stored(acme), name) == secret
    page = client.get(page_of(acme.number)).content.decode()
    history = client.get(page_of(acme.number).replace("change", "history")).content.decode()
    wrong = client.post(page_of(acme.number), _as_filled_in(acme.number, state="GONE", **SECRETS)).content.decode()
    for secret in SECRETS.values():
        assert secret not in page + history + wrong


def test_empty_secrets_stay_as_they_are(acme: Company, bruno: Client) -> None:
    assert bruno.post(page_of(acme.number), _as_filled_in(acme.number, name="Loja")).status_code == 302
    assert (_stored(acme).name, _stored(acme).access_token) == ("Loja", "demo-token")


def test_the_page_says_which_secrets_are_set(acme: Company, bruno: Client) -> None:
    bruno.cookies["django_language"] = "en"
    page = bruno.get(page_of(acme.number), headers={"Accept-Language": "en"}).content.decode()
    assert page.count("Set. Empty: stays as it is.") == 1
    assert page.count("Not set.") == 2


@pytest.fixture
def lost_key(acme: Company, keys: Callable[..., None]) -> str:
    """The key that acme's secrets were written with; from now on another is known."""
    key = Fernet.generate_key().decode()
    keys(key)
    with tenant_scope(acme.tenant):
        Number.objects.update(**{name: f"old {name}" for name in SECRETS})
    keys(Fernet.generate_key().decode())
    return key


def test_secrets_without_their_key_are_typed_in_again(
    acme: Company, conversation: Conversation, lost_key: str, bruno: Client
) -> None:
    for page in (list_of(Number), list_of(Conversation), page_of(conversation)):
        assert bruno.get(page).status_code == 200
    shown = bruno.get(page_of(acme.number), headers={"Accept-Language": "en"}).content.decode()
    assert shown.count("Cannot be read") == 3
    assert bruno.post(page_of(acme.number), _as_filled_in(acme.number, **SECRETS)).status_code == 302
    assert {name: getattr(_stored(acme), name) for name in SECRETS} == SECRETS


def test_secrets_without_their_key_wait_for_it(
    acme: Company, lost_key: str, bruno: Client, keys: Callable[..., None]
) -> None:
    bruno.post(page_of(acme.number), _as_filled_in(acme.number, access_token="another"))
    keys(Fernet.generate_key().decode(), lost_key)
    assert _stored(acme).app_secret == "old app_secret"


def test_a_new_token_connects_the_number_again(acme: Company, bruno: Client) -> None:
    with tenant_scope(acme.tenant):
        Number.objects.filter(pk=acme.number.pk).update(state=NumberState.RECONNECT, state_reason="expired")
        Number.objects.update(templates_due_at=timezone.now() + timedelta(hours=1))
    bruno.post(page_of(acme.number), _as_filled_in(_stored(acme), access_token="fresh"))
    assert (_stored(acme).state, _stored(acme).state_reason) == (NumberState.CONNECTED, "")
    assert _stored(acme).templates_due_at < timezone.now()


def test_a_new_token_fetches_the_files_that_waited_for_it(
    acme: Company, deliver: Callable[[bytes], None], bruno: Client
) -> None:
    image = {"from": "5511888888888", "id": "w1", "timestamp": "1", "type": "image", "image": {"id": "m1"}}
    deliver(body(value(image)))
    with tenant_scope(acme.tenant):
        Attachment.objects.update(next_attempt_at=timezone.now() + timedelta(hours=1))
    bruno.post(page_of(acme.number), _as_filled_in(acme.number, access_token="fresh"))
    with tenant_scope(acme.tenant):
        assert Attachment.objects.filter(next_attempt_at__lte=timezone.now()).exists()


def test_an_administrator_cannot_take_over_another_account(acme: Company, globex: Company, bruno: Client) -> None:
    wanted = _as_filled_in(acme.number, waba_id=globex.number.waba_id, phone_number_id="other")
    bruno.post(page_of(acme.number), wanted)
    assert (_stored(acme).waba_id, _stored(acme).phone_number_id) == ("test-entry", "test-phone-id")
    assert bruno.get("/admin/whatsapp/number/add/").status_code == 403


def test_staff_connect_a_number_for_a_tenant(globex: Company, staff: Client) -> None:
    new = {"phone_number_id": "p3", "waba_id": "w3", "display_number": "5511", "state": "CONNECTED", "name": ""}
    asked = {**new, **SECRETS, "for_tenant": str(globex.tenant.pk)}
    assert staff.post("/admin/whatsapp/number/add/", asked).status_code == 302
    with tenant_scope(globex.tenant):
        assert Number.objects.get(phone_number_id="p3").access_token == "new-access-token"


@pytest.mark.parametrize(("written", "kept"), [("+55 (11) 99999-9999", "5511999999999"), ("loja", None)])
def test_a_number_is_kept_in_digits(acme: Company, bruno: Client, written: str, kept: str | None) -> None:
    answer = bruno.post(page_of(acme.number), _as_filled_in(acme.number, display_number=written, name="Loja"))
    assert answer.status_code == (302 if kept else 200)
    assert _stored(acme).display_number == kept or not kept


@pytest.mark.parametrize("token", ["EAAG–123", "EAAG 123", "EAAGé"])
def test_a_token_that_no_header_can_carry_is_asked_for_once_more(acme: Company, bruno: Client, token: str) -> None:
    assert bruno.post(page_of(acme.number), _as_filled_in(acme.number, access_token=token)).status_code == 200
    assert _stored(acme).access_token == "demo-token"


def test_numbers_are_not_deleted(acme: Company, staff: Client) -> None:
    assert staff.post(page_of(acme.number).replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_templates_are_fetched_when_somebody_asks(acme: Company, bruno: Client) -> None:
    later = timezone.now() + timedelta(hours=1)
    with tenant_scope(acme.tenant):
        Number.objects.update(templates_due_at=later)
    data = {"action": "fetch_templates", "_selected_action": [acme.number.pk]}
    assert bruno.post(list_of(Number), data).status_code == 302
    assert _stored(acme).templates_due_at < later
