"""What happens next: bad answers, late and broken statuses, and the way back to normal."""

import time
from typing import Any

import httpx
import pytest

from tests.simulator.parts import MARIA, Helpdesk, Simulator

OI: dict[str, Any] = {"type": "text", "text": {"body": "Oi"}}


def test_failure_comes_by_webhook(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(outcome="failed", error_code=131049)
    simulator.send_text()

    (failed,) = helpdesk.statuses("failed")
    assert failed["errors"][0]["code"] == 131049
    assert "recipient_user_id" not in failed
    assert simulator.messages()[0]["error_code"] == 131049


@pytest.mark.parametrize(
    ("answer", "http_status", "code"),
    [
        ("rate_limit", 429, 130429),
        ("pair_limit", 400, 131056),
        ("server_error", 500, 131000),
        ("bad_token", 401, 190),
    ],
)
def test_refusal_lasts_for_the_next_sends_only(simulator: Simulator, answer: str, http_status: int, code: int) -> None:
    simulator.behave(answer=answer, remaining=2)
    answers = [simulator.send(**OI) for _ in range(3)]

    assert [each.status_code for each in answers] == [http_status, http_status, 200]
    assert answers[0].json()["error"]["code"] == code
    assert len(simulator.messages()) == 1


def test_malformed_send_does_not_use_up_the_behaviour(simulator: Simulator) -> None:
    simulator.behave(answer="server_error", remaining=1)
    simulator.send(type="text", text={})

    assert simulator.send(**OI).status_code == 500


def test_timeout_accepts_the_message_all_the_same(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(answer="timeout")
    with pytest.raises(httpx.ReadTimeout):
        simulator.send(**OI, biz_opaque_callback_data="message:7", patience=0.2)

    sent, _ = helpdesk.statuses("sent", "delivered")
    assert sent["biz_opaque_callback_data"] == "message:7"


def test_refused_connection_accepts_nothing(simulator: Simulator) -> None:
    simulator.behave(answer="refuse", remaining=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        simulator.send(**OI)

    assert simulator.messages() == []
    assert simulator.send(**OI).status_code == 200


def test_early_statuses_overtake_the_answer(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(answer="early")
    started = time.monotonic()
    simulator.send(**OI)

    assert [webhook.value["statuses"][0]["status"] for webhook in helpdesk.received] == ["sent", "delivered"]
    assert time.monotonic() - started < 2


def test_duplicates_are_the_same_bytes(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(webhook="duplicate")
    simulator.says(body="Oi")

    first, second = helpdesk.wait_for(2)
    assert first == second


def test_reversed_statuses_end_with_sent(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(webhook="reversed", read_ms=40)
    simulator.send_text()

    helpdesk.statuses("read", "delivered", "sent")
    assert simulator.messages()[0]["status"] == "read"


@pytest.mark.parametrize("webhook", ["unsigned", "bad_signature"])
def test_forged_webhook_is_not_sent_again(simulator: Simulator, helpdesk: Helpdesk, webhook: str) -> None:
    simulator.behave(webhook=webhook, remaining=1)
    helpdesk.answers.append(401)
    simulator.says(body="Oi")
    simulator.wait_idle()

    (forged,) = helpdesk.received
    assert not forged.is_signed
    assert (forged.signature is None) == (webhook == "unsigned")


def test_phone_that_comes_back_online_receives_what_waited(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(customer=MARIA, outcome="offline")
    simulator.send_text()
    helpdesk.statuses("sent")
    simulator.wait_idle()
    simulator.http.delete(f"{simulator.url}/api/behaviour", params={"customer": MARIA})

    helpdesk.statuses("sent", "delivered")


def test_read_is_reported_without_an_open_chat_if_wanted(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(outcome="read", read_ms=30)
    simulator.send_text()

    helpdesk.statuses("sent", "delivered", "read")


def test_delayed_webhook_waits(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.behave(delay_seconds=0.3)
    started = time.monotonic()
    simulator.says(body="Oi")

    assert time.monotonic() - started > 0.3
    assert len(helpdesk.received) == 1


def test_behaviour_of_one_phone_leaves_the_others_alone(simulator: Simulator) -> None:
    simulator.behave(customer=MARIA, answer="server_error")

    assert simulator.send(**OI).status_code == 500
    assert simulator.send(**OI, to="+5521987651234").status_code == 200


def test_pair_limit_is_kept_where_limits_are_enforced(simulator: Simulator) -> None:
    simulator.behave(enforces_limits=True, outcome="offline")
    codes = [simulator.send(**OI, to="+5531991112222").status_code for _ in range(47)]

    assert codes[:44] == [200] * 44
    assert codes[-1] == 400


@pytest.mark.parametrize("wrong", [{"outcome": "lost"}, {"delay_seconds": -1}, {"remaining": "many"}, {"answer": 7}])
def test_nonsense_behaviour_is_refused(simulator: Simulator, wrong: dict[str, object]) -> None:
    answer = simulator.http.post(f"{simulator.url}/api/behaviour", json=wrong)

    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.json()["error"]
