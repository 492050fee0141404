"""Files of the business: upload, look-up, download, delete."""

import hashlib

import httpx
import pytest

from tests.simulator.parts import Simulator

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def upload(simulator: Simulator, data: bytes = PNG, mime_type: str = "image/png") -> httpx.Response:
    form = {"messaging_product": "whatsapp", "type": mime_type}
    return simulator.graph("POST", "test-phone-id/media", data=form, files={"file": ("foto.png", data, mime_type)})


def test_uploaded_file_comes_back_unchanged(simulator: Simulator) -> None:
    media_id = upload(simulator).json()["id"]
    found = simulator.graph("GET", f"{media_id}?phone_number_id=test-phone-id").json()
    data = simulator.graph("GET", found["url"])

    assert found["id"] == media_id
    assert found["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert (data.content, data.headers["Content-Type"]) == (PNG, "image/png")


def test_uploaded_file_can_be_sent(simulator: Simulator) -> None:
    media_id = upload(simulator).json()["id"]

    assert simulator.send(type="image", image={"id": media_id, "caption": "Olha"}).status_code == 200


def test_file_needs_a_token_and_a_genuine_ticket(simulator: Simulator) -> None:
    url = simulator.graph("GET", upload(simulator).json()["id"]).json()["url"]

    assert simulator.http.get(url).status_code == 401
    assert simulator.graph("GET", url + "x").status_code == 404


def test_file_of_another_number_is_not_shown(simulator: Simulator) -> None:
    media_id = upload(simulator).json()["id"]

    assert simulator.graph("GET", f"{media_id}?phone_number_id=test-phone-id-2").json()["error"]["code"] == 100


def test_deleted_file_is_gone(simulator: Simulator) -> None:
    media_id = upload(simulator).json()["id"]

    assert simulator.graph("DELETE", media_id).json() == {"success": True}
    gone = simulator.graph("GET", media_id).json()["error"]
    assert (gone["code"], gone["error_subcode"]) == (100, 33)


@pytest.mark.parametrize(("mime_type", "size", "code"), [("image/svg+xml", 10, 100), ("image/webp", 600_000, 131053)])
def test_file_that_whatsapp_does_not_take_is_refused(
    simulator: Simulator, mime_type: str, size: int, code: int
) -> None:
    assert upload(simulator, bytes(size), mime_type).json()["error"]["code"] == code
