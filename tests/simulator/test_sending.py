"""POST /{phone_number_id}/messages: what is accepted, what is refused, and the statuses that follow."""

import json
import re
import time
from typing import Any

import pytest

from tests.simulator.parts import Helpdesk, Simulator

HOURS = 3600
BUTTON = {"type": "reply", "reply": {"id": "yes", "title": "Sim"}}


def interactive(**action: Any) -> dict[str, Any]:
    return {"type": "button", "body": {"text": "Posso ajudar?"}, "action": action}


def template(name: str, **texts: list[str]) -> dict[str, Any]:
    """A template with parameters by their place."""
    components = [
        {"type": part, "parameters": [{"type": "text", "text": text} for text in listed]}
        for part, listed in texts.items()
    ]
    return {"type": "template", "template": {"name": name, "language": {"code": "pt_BR"}, "components": components}}


def test_send_answers_as_meta_does(simulator: Simulator) -> None:
    answer = simulator.send(type="text", text={"body": "Oi"})

    assert answer.status_code == 200
    body = answer.json()
    assert body["messaging_product"] == "whatsapp"
    assert body["contacts"] == [{"input": "+5511976543210", "wa_id": "5511976543210"}]
    assert body["messages"][0]["id"].startswith("wamid.")


def test_send_is_followed_by_sent_and_delivered(simulator: Simulator, helpdesk: Helpdesk) -> None:
    wamid = simulator.send_text(biz_opaque_callback_data="message:42")

    sent, delivered = helpdesk.statuses("sent", "delivered")
    assert {sent["id"], delivered["id"]} == {wamid}
    assert {sent["biz_opaque_callback_data"], delivered["biz_opaque_callback_data"]} == {"message:42"}
    assert sent["recipient_id"] == "5511976543210"
    assert sent["pricing"]["category"] == "service"
    assert "contacts" not in helpdesk.received[0].value
    assert helpdesk.received[1].value["contacts"][0]["wa_id"] == "5511976543210"


def test_status_webhook_is_signed_and_addressed(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.send_text(number="test-phone-id-2")

    webhook = helpdesk.wait_for(2)[0]
    assert webhook.is_signed
    assert webhook.body["entry"][0]["id"] == "test-entry-2"
    assert webhook.value["metadata"] == {
        "display_phone_number": "5521988887777",
        "phone_number_id": "test-phone-id-2",
    }


def test_reaction_only_ever_gets_sent(simulator: Simulator, helpdesk: Helpdesk) -> None:
    wamid = simulator.says(body="Oi")["id"]
    simulator.send(type="reaction", reaction={"message_id": wamid, "emoji": "👍"})
    simulator.send_text()

    received = helpdesk.wait_for(4)
    statuses = [status["status"] for webhook in received for status in webhook.value.get("statuses", [])]
    assert sorted(statuses) == ["delivered", "sent", "sent"]
    assert simulator.messages(customer="5511976543210")[0]["reactions"]["business"] == "👍"


def test_number_without_ninth_digit_is_answered_with_the_known_wa_id(simulator: Simulator) -> None:
    contact = simulator.send(to="+55 51 98444-3322", text={"body": "Oi"}).json()["contacts"][0]

    assert contact == {"input": "+55 51 98444-3322", "wa_id": "555184443322"}


def test_customer_with_a_username_is_reached_and_told_of_without_number(
    simulator: Simulator, helpdesk: Helpdesk
) -> None:
    user_id = simulator.send(to="5511930001122", text={"body": "Oi"}).json()["contacts"][0]["user_id"]
    again = simulator.send(to="", recipient=user_id, text={"body": "Oi"})

    assert again.json()["contacts"] == [{"input": user_id, "user_id": user_id}]
    assert "recipient_id" not in helpdesk.wait_for(2)[0].value["statuses"][0]


def test_unknown_number_is_made_up(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.send_text(number="1099887766")

    assert helpdesk.wait_for(1)[0].body["entry"][0]["id"] == "waba-1099887766"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "text", "text": {"body": "x" * 4097}}, 100),
        ({"type": "text", "text": {}}, 100),
        ({"type": "text", "text": "Oi"}, 100),
        ({"type": "hologram"}, 100),
        ({"to": None, "text": {"body": "Oi"}}, 100),
        ({"to": "abc", "text": {"body": "Oi"}}, 131009),
        ({"recipient": "BR.1", "to": None, "text": {"body": "Oi"}}, 131009),
        ({"type": "image", "image": {"id": "123"}}, 131009),
        ({"type": "image", "image": {}}, 100),
        ({"type": "audio", "audio": {"link": "https://x.y/a.ogg", "caption": "não"}}, 100),
        ({"type": "location", "location": {"latitude": 99, "longitude": 0}}, 100),
        ({"type": "contacts", "contacts": [{"name": {}}]}, 100),
        ({"type": "reaction", "reaction": {"emoji": "👍"}}, 100),
        ({"type": "interactive", "interactive": interactive(buttons=[BUTTON] * 4)}, 131009),
        ({"type": "interactive", "interactive": interactive(buttons=["Sim"])}, 100),
        ({"type": "interactive", "interactive": interactive()}, 100),
        ({"type": "template", "template": {"name": "no_such", "language": {"code": "pt_BR"}}}, 132001),
        ({"type": "template", "template": {"name": "retomar_atendimento", "language": {"code": "pt_BR"}}}, 132000),
        (template("acompanhar_pedido"), 132000),
        (template("acompanhar_pedido", header=["42"], body=["Maria", "Rápido Sul"]), 132012),
        (template("retomar_atendimento", body=["Maria\nSilva"]), 132012),
        (template("segunda_via_boleto", body=["Maria", "10/12"]), 132000),
        (template("vitrine_da_semana", body=["Maria"]), 132000),
        ({"text": {"body": "Oi"}, "biz_opaque_callback_data": "x" * 513}, 100),
        ({"text": {"body": "Oi"}, "context": {"id": "wamid.X"}}, 100),
        ({"messaging_product": "sms", "text": {"body": "Oi"}}, 100),
    ],
)
def test_malformed_send_is_refused(simulator: Simulator, body: dict[str, Any], code: int) -> None:
    answer = simulator.send(**body)

    error = answer.json()["error"]
    assert answer.status_code in (400, 404)
    assert error["code"] == code
    assert error["fbtrace_id"]
    assert simulator.messages() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"[" * 100_000])
def test_send_that_is_no_object_is_refused(simulator: Simulator, body: bytes) -> None:
    assert simulator.graph("POST", "test-phone-id/messages", content=body).json()["error"]["code"] == 100


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic eA=="}])
def test_call_without_token_is_refused(simulator: Simulator, header: dict[str, str]) -> None:
    answer = simulator.http.post(f"{simulator.url}/graph/v25.0/test-phone-id/messages", json={}, headers=header)

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == 190


def test_template_is_sent_with_its_parameters(simulator: Simulator, helpdesk: Helpdesk) -> None:
    parameters = [{"type": "text", "text": "Maria"}]
    template = {
        "name": "retomar_atendimento",
        "language": {"code": "pt_BR"},
        "components": [{"type": "body", "parameters": parameters}],
    }
    answer = simulator.send(type="template", template=template)

    assert answer.json()["messages"][0]["message_status"] == "accepted"
    sent, _ = helpdesk.statuses("sent", "delivered")
    assert sent["pricing"] == {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}


def test_window_closes_24_hours_after_the_customer_wrote(simulator: Simulator) -> None:
    simulator.says(body="Oi", timestamp=int(time.time()) - 25 * HOURS)
    refused = simulator.send(text={"body": "Oi"})

    assert refused.json()["error"]["code"] == 131047
    simulator.says(body="Ainda estou aqui", timestamp=int(time.time()) - 23 * HOURS)
    assert simulator.send(text={"body": "Oi"}).status_code == 200


def test_read_receipt_marks_the_earlier_messages_too(simulator: Simulator) -> None:
    simulator.says(body="Um")
    second = simulator.says(body="Dois")["id"]
    simulator.says(body="Três")
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": second}
    answer = simulator.graph("POST", "test-phone-id/messages", json=receipt)

    assert answer.json() == {"success": True}
    assert [message["status"] for message in simulator.messages()] == ["read", "read", "delivered"]


def test_webhook_json_is_escaped_like_metas(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.says(body="Olá 👋 a/b")

    (webhook,) = helpdesk.wait_for(1)
    assert webhook.raw.isascii()
    assert rb"Ol\u00e1 \ud83d\udc4b a\/b" in webhook.raw
    assert re.search(rb'[:,] ["{\[]', webhook.raw) is None
    assert json.loads(webhook.raw)["object"] == "whatsapp_business_account"
