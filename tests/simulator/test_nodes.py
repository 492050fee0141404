"""Numbers, WABAs and templates: what a helpdesk asks when a number is connected."""

from tests.simulator.parts import Simulator


def test_number_shows_the_fields_asked_for(simulator: Simulator) -> None:
    number = simulator.graph("GET", "test-phone-id?fields=display_phone_number,verified_name").json()

    assert number == {"display_phone_number": "5511999999999", "verified_name": "Acme", "id": "test-phone-id"}


def test_waba_lists_its_numbers(simulator: Simulator) -> None:
    numbers = simulator.graph("GET", "test-entry-2/phone_numbers").json()["data"]

    assert [number["id"] for number in numbers] == ["test-phone-id-2"]


def test_health_is_available(simulator: Simulator) -> None:
    health = simulator.graph("GET", "test-entry?fields=health_status").json()["health_status"]

    assert health["can_send_message"] == "AVAILABLE"


def test_waba_can_be_subscribed_to(simulator: Simulator) -> None:
    assert simulator.graph("POST", "test-entry/subscribed_apps").json() == {"success": True}
    assert simulator.graph("GET", "test-entry/subscribed_apps").json()["data"]


def test_templates_are_paged(simulator: Simulator) -> None:
    first = simulator.graph("GET", "test-entry/message_templates?limit=5").json()
    rest = simulator.graph("GET", first["paging"]["next"]).json()

    names = [template["name"] for template in first["data"] + rest["data"]]
    assert len(names) == len(set(names)) == 9
    assert "retomar_atendimento" in names
    assert "next" not in rest["paging"]


def test_new_template_belongs_to_its_waba(simulator: Simulator) -> None:
    body = {"type": "BODY", "text": "Oi, {{1}}"}
    template = {"name": "ola", "language": "pt_BR", "category": "UTILITY", "components": [body]}
    simulator.graph("POST", "test-entry/message_templates", json=template)

    def names(waba_id: str) -> list[str]:
        page = simulator.graph("GET", f"{waba_id}/message_templates").json()
        return [each["name"] for each in page["data"]]

    assert "ola" in names("test-entry")
    assert "ola" not in names("test-entry-2")


def test_unknown_object_does_not_exist(simulator: Simulator) -> None:
    answer = simulator.graph("GET", "123456")

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "GraphMethodException"
