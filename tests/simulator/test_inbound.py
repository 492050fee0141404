"""The machine API: customers who write, raw bodies, state and reset."""

import json
from typing import Any

import pytest

from tests.simulator.parts import MARIA, Helpdesk, Simulator


def only_message(helpdesk: Helpdesk) -> Any:
    (webhook,) = helpdesk.wait_for(1)
    (message,) = webhook.value["messages"]
    return message


def test_customer_says_something(simulator: Simulator, helpdesk: Helpdesk) -> None:
    answer = simulator.says(body="Bom dia!")

    message = only_message(helpdesk)
    assert answer["webhook"]["status"] == 200
    assert message == {
        "from": MARIA,
        "from_user_id": message["from_user_id"],
        "id": answer["id"],
        "timestamp": message["timestamp"],
        "type": "text",
        "text": {"body": "Bom dia!"},
    }
    (contact,) = helpdesk.received[0].value["contacts"]
    assert contact["profile"]["name"] == "Maria Aparecida Souza"
    assert contact["wa_id"] == MARIA


def test_somebody_new_says_something(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.says(customer={"wa_id": "5511888888888", "name": "Zé"}, body="Oi", timestamp=1699999999, id="wamid.1")

    message = only_message(helpdesk)
    assert (message["from"], message["id"], message["timestamp"]) == ("5511888888888", "wamid.1", "1699999999")
    assert helpdesk.received[0].value["contacts"][0]["profile"]["name"] == "Zé"


def test_customer_with_a_username_hides_the_number(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.says(customer="5511930001122", body="Oi")

    message, contact = only_message(helpdesk), helpdesk.received[0].value["contacts"][0]
    assert "from" not in message
    assert "wa_id" not in contact
    assert message["from_user_id"] == contact["user_id"]
    assert contact["profile"]["username"] == "luiza.m"


def test_any_type_is_passed_on(simulator: Simulator, helpdesk: Helpdesk) -> None:
    place = {"latitude": -23.5, "longitude": -46.6, "name": "Loja"}
    simulator.says(type="location", location=place)

    assert only_message(helpdesk)["location"] == place


def test_reply_names_the_message_and_its_author(simulator: Simulator, helpdesk: Helpdesk) -> None:
    wamid = simulator.send_text()
    simulator.wait_idle()
    helpdesk.clear()
    simulator.says(body="Sim", reply_to=wamid)

    assert only_message(helpdesk)["context"] == {"from": "5511999999999", "id": wamid}


@pytest.mark.parametrize(
    ("sample", "kind", "starts"),
    [("picture", "image", b"\x89PNG"), ("voice", "audio", b"RIFF"), ("document", "document", b"%PDF-")],
)
def test_sample_can_be_fetched_by_its_id(
    simulator: Simulator, helpdesk: Helpdesk, sample: str, kind: str, starts: bytes
) -> None:
    simulator.says(sample=sample)

    message = only_message(helpdesk)
    content = message[kind]
    found = simulator.graph("GET", content["id"]).json()
    data = simulator.graph("GET", found["url"]).content
    assert message["type"] == kind
    assert found["mime_type"] == content["mime_type"]
    assert found["file_size"] == len(data)
    assert data.startswith(starts)


def test_raw_value_goes_out_as_it_is(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.says(value={"errors": [{"code": 130429}], "odd": None})

    value = helpdesk.wait_for(1)[0].value
    assert value["errors"] == [{"code": 130429}]
    assert value["odd"] is None
    assert value["metadata"]["phone_number_id"] == "test-phone-id"


@pytest.mark.parametrize(
    "speech",
    [
        {},
        {"customer": "Maria"},
        {"customer": MARIA, "timestamp": "yesterday"},
        {"customer": MARIA, "sample": "hologram"},
        {"value": []},
        {"customer": MARIA, "phone_number_id": 7},
        {"customer": MARIA, "body": "Oi", "wait": "long"},
    ],
)
def test_nonsense_is_refused(simulator: Simulator, speech: dict[str, object]) -> None:
    answer = simulator.http.post(f"{simulator.url}/api/inbound", json=speech)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_messages_are_paged_by_cursor(simulator: Simulator) -> None:
    simulator.says(body="Um")
    cursor = simulator.http.get(f"{simulator.url}/api/messages").json()["cursor"]
    simulator.says(body="Dois")

    assert [m["text"]["body"] for m in simulator.messages(after=str(cursor))] == ["Dois"]


def test_webhook_is_posted_byte_for_byte(simulator: Simulator, helpdesk: Helpdesk) -> None:
    raw = b'{ "entry" : "\\u0000 not JSON at all'
    address = f"{simulator.url}/api/webhook?times=6&parallel=3"
    summary = simulator.http.post(address, content=raw).json()

    assert summary["statuses"] == {"200": 6}
    assert {webhook.raw for webhook in helpdesk.wait_for(6)} == {raw}
    assert all(webhook.is_signed for webhook in helpdesk.received)


@pytest.mark.parametrize("sign", ["none", "bad"])
def test_webhook_can_be_forged(simulator: Simulator, helpdesk: Helpdesk, sign: str) -> None:
    helpdesk.answers.append(401)
    answer = simulator.http.post(f"{simulator.url}/api/webhook?sign={sign}", content=b"{}").json()

    assert answer["answers"][0]["status"] == 401
    assert not helpdesk.received[0].is_signed


def test_reset_forgets_everything_but_the_cast(simulator: Simulator) -> None:
    simulator.says(customer="5511888888888", body="Oi")
    simulator.behave(answer="server_error")
    simulator.http.post(f"{simulator.url}/api/reset")

    assert simulator.messages() == []
    assert simulator.send(text={"body": "Oi"}).status_code == 200
    assert "5511888888888" not in simulator.http.get(f"{simulator.url}/").text


def test_log_shows_both_ways(simulator: Simulator, helpdesk: Helpdesk) -> None:
    simulator.send_text("Tudo certo?")
    helpdesk.wait_for(2)
    simulator.wait_idle()

    log = simulator.http.get(f"{simulator.url}/api/exchanges").json()["exchanges"]
    assert [each["is_webhook"] for each in log] == [True, True, False]
    assert json.loads(log[-1]["sent"])["text"]["body"] == "Tudo certo?"
