import json
from collections.abc import Callable

import pytest
from django.test import Client

from conversations.models import Conversation
from tenancy.scope import tenant_scope
from tests.admin.addresses import page_of
from tests.cast import Company
from tests.webhooks import body, text, value
from whatsapp import ingest
from whatsapp.admin import readable
from whatsapp.models import Delivery, DeliveryState

LIST = "/admin/whatsapp/delivery/"


@pytest.fixture
def shared(acme: Company, globex: Company, deliver: Callable[[bytes], None]) -> Delivery:
    """One body with items of both tenants."""
    ours, theirs = value(text("Nosso")), value(text("Deles"), number="test-phone-id-2")
    entries = [body(ours), body(theirs, waba="test-entry-2")]
    deliver(entries[0][:-2] + b"," + entries[1].split(b'"entry": [', 1)[1])
    found = Delivery.objects.get()
    assert len(found.tenant_ids) == 2
    return found


def test_bodies_are_laid_out(conversation: Conversation, bruno: Client) -> None:
    page = bruno.get(page_of(Delivery.objects.get())).content.decode()
    assert "&quot;phone_number_id&quot;: &quot;test-phone-id&quot;" in page


def test_problems_are_told(conversation: Conversation, bruno: Client) -> None:
    delivery = Delivery.objects.get()
    Delivery.objects.update(state=DeliveryState.PARTIAL, problems=[{"at": "entry[0]", "reason": "No <b>id</b>."}])
    assert "No &lt;b&gt;id&lt;/b&gt;." in bruno.get(page_of(delivery)).content.decode()


def test_a_tenant_sees_only_bodies_that_are_its_alone(
    conversation: Conversation, neighbours_conversation: Conversation, bruno: Client, staff: Client
) -> None:
    ours, theirs = Delivery.objects.order_by("id")
    assert f"{LIST}{ours.pk}/change/" in bruno.get(LIST).content.decode()
    assert f"{LIST}{theirs.pk}/change/" not in bruno.get(LIST).content.decode()
    assert f"{LIST}{theirs.pk}/change/" in staff.get(LIST).content.decode()
    assert bruno.get(page_of(theirs)).status_code == 404


def test_a_shared_body_is_for_staff(shared: Delivery, bruno: Client, staff: Client) -> None:
    assert bruno.get(page_of(shared)).status_code == 404
    assert staff.get(page_of(shared)).status_code == 200


def test_a_body_that_also_speaks_of_a_number_which_is_nobodys_yet_is_for_staff(
    acme: Company, deliver: Callable[[bytes], None], bruno: Client, staff: Client
) -> None:
    raw = {"entry": [json.loads(body(value(text("Nosso"))))["entry"][0]]}
    raw["entry"] += json.loads(body(value(text("De outra empresa"), number="new"), waba="new-waba"))["entry"]
    deliver(json.dumps(raw).encode())
    assert Delivery.objects.get().state == DeliveryState.PARTIAL
    assert bruno.get(page_of(Delivery.objects.get())).status_code == 404
    assert staff.get(page_of(Delivery.objects.get())).status_code == 200


def test_a_body_with_problems_of_ones_own_is_ones_own(
    acme: Company, deliver: Callable[[bytes], None], bruno: Client
) -> None:
    deliver(body(value(text("Oi"), {"type": "text"})))
    assert Delivery.objects.get().state == DeliveryState.PARTIAL
    assert bruno.get(page_of(Delivery.objects.get())).status_code == 200


def test_deliveries_are_filtered_by_state(conversation: Conversation, staff: Client) -> None:
    assert "result_list" in staff.get(LIST, {"state__exact": "DONE"}).content.decode()
    assert "result_list" not in staff.get(LIST, {"state__exact": "FAILED"}).content.decode()


@pytest.mark.parametrize("who", ["staff", "bruno"])
def test_replay_by_the_button(
    acme: Company, conversation: Conversation, request: pytest.FixtureRequest, who: str
) -> None:
    client: Client = request.getfixturevalue(who)
    delivery = Delivery.objects.get()
    address = f"{LIST}{delivery.pk}/replay/"
    assert f'action="{address}"' in client.get(page_of(delivery)).content.decode()
    with tenant_scope(acme.tenant):
        conversation.messages.all().delete()
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PENDING
    ingest.drain()
    with tenant_scope(acme.tenant):
        assert conversation.messages.get().content == "Oi"


def test_replay_of_chosen_ones(conversation: Conversation, bruno: Client) -> None:
    chosen = {"action": "replay", "_selected_action": [Delivery.objects.get().pk]}
    assert bruno.post(LIST, chosen).status_code == 302
    assert Delivery.objects.get().state == DeliveryState.PENDING


def test_a_neighbours_delivery_is_not_replayed(
    acme: Company, neighbours_conversation: Conversation, bruno: Client
) -> None:
    theirs = Delivery.objects.get()
    assert bruno.post(f"{LIST}{theirs.pk}/replay/").status_code == 404
    bruno.post(LIST, {"action": "replay", "_selected_action": [theirs.pk]})
    assert Delivery.objects.get().state == DeliveryState.DONE


@pytest.mark.parametrize("raw", [b"\xff\xfe<script>", b"[" * 100_000, b'{"a": "' + b"x" * 3_000_000])
def test_any_body_is_readable(raw: bytes) -> None:
    shown = readable(raw)
    assert "<script>" not in shown
    assert len(shown) < 2_000_000
