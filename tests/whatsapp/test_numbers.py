"""What Meta says about accounts and numbers, and what follows from it for sending."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest

from tests.cast import Company
from tests.webhooks import body
from whatsapp import inbox, ingest
from whatsapp.models import Delivery, DeliveryState, Number, NumberState

Deliver = Callable[[bytes], None]


def news(event: str, **more: Any) -> bytes:
    return body({"event": event, **more}, field="account_update")


def banned(state: str) -> bytes:
    return news("DISABLED_UPDATE", ban_info={"waba_ban_state": state, "waba_ban_date": "November 22, 2026"})


def stands() -> tuple[str, str]:
    number = Number.objects.get(phone_number_id="test-phone-id")
    return number.state, number.state_reason


def test_account_that_was_taken_away_has_to_be_connected_again(in_acme: Company, deliver: Deliver) -> None:
    update = {"event": "PARTNER_REMOVED", "waba_info": {"waba_id": "test-entry"}}
    deliver(body(update, waba="some-portfolio", field="account_update"))
    assert stands() == (NumberState.RECONNECT, "PARTNER_REMOVED")
    deliver(news("ACCOUNT_RECONNECTED"))
    assert stands() == (NumberState.CONNECTED, "")


def test_ban_is_announced_imposed_and_lifted(in_acme: Company, deliver: Deliver) -> None:
    deliver(banned("SCHEDULE_FOR_DISABLE"))
    assert stands() == (NumberState.CONNECTED, "SCHEDULE_FOR_DISABLE")
    deliver(banned("DISABLE"))
    assert stands() == (NumberState.STOPPED, "DISABLE")
    deliver(banned("REINSTATE"))
    assert stands() == (NumberState.CONNECTED, "")


def test_restriction_is_shown_and_stops_no_answers(in_acme: Company, deliver: Deliver) -> None:
    barred = {"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION", "expiration": 1795086400}
    deliver(news("ACCOUNT_RESTRICTION", restriction_info=[barred]))
    assert stands() == (NumberState.CONNECTED, "ACCOUNT_RESTRICTION")


@pytest.mark.parametrize("event", ["VOLUME_BASED_PRICING_TIER_UPDATE", "ACCOUNT_VIOLATION"])
def test_further_news_hides_no_reason(in_acme: Company, deliver: Deliver, event: str) -> None:
    deliver(banned("DISABLE"))
    deliver(news(event))
    assert stands() == (NumberState.STOPPED, "DISABLE")


def test_news_of_one_number_leaves_the_others_alone(in_acme: Company, deliver: Deliver) -> None:
    Number.objects.create(phone_number_id="second", waba_id="test-entry", display_number="+55 11 8888-7777")
    deliver(news("PARTNER_REMOVED", phone_number="5511977776666"))  # not connected here
    assert not Number.objects.exclude(state=NumberState.CONNECTED).exists()
    deliver(news("PARTNER_REMOVED", phone_number="5511988887777"))
    assert stands() == (NumberState.CONNECTED, "")
    assert Number.objects.get(phone_number_id="second").state == NumberState.RECONNECT


def test_news_from_before_a_number_was_connected_says_nothing_about_it(in_acme: Company, deliver: Deliver) -> None:
    deliver(body({"event": "PARTNER_REMOVED"}, waba="new-waba", field="account_update"))
    Number.objects.create(phone_number_id="new", waba_id="new-waba", display_number="1")
    inbox.replay(Delivery.objects.get())
    Context().run(ingest.drain)
    assert Delivery.objects.get().state == DeliveryState.DONE
    assert Number.objects.get(phone_number_id="new").state == NumberState.CONNECTED


def test_approved_name_is_taken_on_however_the_number_is_spelt(in_acme: Company, deliver: Deliver) -> None:
    Number.objects.update(display_number="+55 11 99999-9999")
    approved = {"display_phone_number": "5511999999999", "decision": "APPROVED", "requested_verified_name": "Loja Acme"}
    deliver(body(approved, field="phone_number_name_update"))
    assert Number.objects.get().name == "Loja Acme"
