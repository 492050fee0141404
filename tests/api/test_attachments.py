"""Files over REST: brought whole or in parts, linked to, thrown away; nobody else's."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from conversations.models import Attachment, Conversation, Upload
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.files import picture
from tests.machines import Machine

CONTENT = bytes(range(256)) * 400


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ana(acme: Company) -> Machine:
    return Machine(acme.ana)


def fetched(client: Client, address: str, **headers: str) -> bytes:
    answer: Any = client.get(address, headers=headers)
    return b"".join(answer.streaming_content)


def put(client: Client, content: bytes = b"%PDF-1.7\n", name: str = "a.pdf", **headers: str) -> Any:
    file = SimpleUploadedFile(name, content, "image/png")
    return client.post("/api/attachments", {"file": file}, headers=headers)


def stored(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_upload_is_named_by_its_bytes_and_waits_for_its_message(ana: Machine, conversation: Conversation) -> None:
    answer = put(ana, picture("JPEG"), "../férias\u202egpj.exe")
    assert answer.status_code == 201
    file = answer.json()
    assert (file["state"], file["mimeType"], file["filename"]) == ("READY", "image/jpeg", "fériasgpj.exe")
    assert fetched(ana, file["url"]) == picture("JPEG")
    sent = ana.send("POST", f"/api/conversations/{conversation.pk}/messages", {"attachmentIds": [file["id"]]})
    assert (sent.status_code, sent.json()["type"]) == (201, "IMAGE")
    assert [each["id"] for each in sent.json()["attachments"]] == [file["id"]]
    again = ana.send("POST", f"/api/conversations/{conversation.pk}/messages", {"attachmentIds": [file["id"]]})
    assert again.status_code == 404
    assert ana.delete(f"/api/attachments/{file['id']}").status_code == 409


def test_page_uploads_with_its_cookie_and_token_only(acme: Company) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(acme.ana)
    assert put(browser).status_code == 403
    browser.get("/")
    assert put(browser, X_CSRFToken=browser.cookies["csrftoken"].value).status_code == 201
    assert put(Client()).status_code == 401


@pytest.mark.parametrize(("size", "status"), [(0, 400), (1024, 201), (1025, 413)])
def test_size_has_a_limit(ana: Machine, settings: Settings, size: int, status: int) -> None:
    settings.UPLOAD_LIMIT = 1024
    assert put(ana, bytes(size)).status_code == status


def test_body_without_a_file_is_refused(ana: Machine) -> None:
    answer = ana.post("/api/attachments", {"file": "words"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["file"])
    assert ana.send("POST", "/api/attachments", {}).status_code == 415


def test_same_bytes_are_stored_once_in_a_tenant_and_never_shared_with_another(
    ana: Machine, acme: Company, globex: Company, tmp_path: Path
) -> None:
    first, second = put(ana).json(), put(Machine(acme.caio), name="b.pdf").json()
    assert len(stored(tmp_path)) == 1
    put(Machine(globex.gil))
    assert len(stored(tmp_path)) == 2
    assert ana.delete(f"/api/attachments/{first['id']}").status_code == 204
    assert ana.get(first["url"]).status_code == 404
    assert fetched(Machine(acme.caio), second["url"]).startswith(b"%PDF")
    Machine(acme.caio).delete(f"/api/attachments/{second['id']}")
    assert len(stored(tmp_path)) == 1


def test_unsent_file_is_its_uploaders_only(ana: Machine, acme: Company, globex: Company) -> None:
    file = put(ana).json()
    for other in (Machine(acme.caio), Machine(globex.gil)):
        assert other.get(f"/api/attachments/{file['id']}").status_code == 404
        assert other.get(file["url"]).status_code == 404
        assert other.post(f"/api/attachments/{file['id']}/link").status_code == 404
        assert other.delete(f"/api/attachments/{file['id']}").status_code == 404
    assert ana.get(f"/api/attachments/{file['id']}").json() == file


# Links


def test_link_opens_one_file_without_signing_in_until_it_expires(
    ana: Machine, settings: Settings, globex: Company, client: Client
) -> None:
    made = ana.post(f"/api/attachments/{put(ana).json()['id']}/link").json()
    assert made["thumbnailUrl"] is None
    path = made["url"].removeprefix(settings.SITE_URL)
    answer: Any = client.get(path)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(path.replace("/files/", "/files/x")).status_code == 404
    client.force_login(globex.gil)
    assert client.get(path).status_code == 404  # the neighbour is confined to his own
    settings.FILE_LINK_MINUTES = 0
    late = ana.post(f"/api/attachments/{put(ana).json()['id']}/link").json()
    assert Client().get(late["url"].removeprefix(settings.SITE_URL)).status_code == 404


def test_link_ends_with_its_message(ana: Machine, settings: Settings, conversation: Conversation) -> None:
    file = put(ana).json()
    sent = ana.send("POST", f"/api/conversations/{conversation.pk}/messages", {"attachmentIds": [file["id"]]}).json()
    path = ana.post(f"/api/attachments/{file['id']}/link").json()["url"].removeprefix(settings.SITE_URL)
    assert fetched(Client(), path).startswith(b"%PDF")
    assert ana.delete(f"/api/messages/{sent['id']}").status_code == 200
    assert Client().get(path).status_code == 404


# tus


def tus(client: Machine, method: str, path: str, content: bytes = b"", **headers: str) -> Any:
    named = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.generic(method, path, content, "application/offset+octet-stream", headers=named)


def begin(client: Machine, length: int = len(CONTENT), **metadata: str) -> str:
    words = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
    answer = tus(client, "POST", "/api/uploads", Upload_Length=str(length), Upload_Metadata=words)
    assert answer.status_code == 201
    assert answer["Tus-Resumable"] == "1.0.0"
    return str(answer["Location"])


def test_file_comes_in_parts_and_goes_on_where_it_stopped(ana: Machine, tmp_path: Path) -> None:
    place = begin(ana, filename="dados.bin", filetype="image/png")
    assert tus(ana, "PATCH", place, CONTENT[:1000], Upload_Offset="0")["Upload-Offset"] == "1000"
    state = tus(ana, "HEAD", place)
    assert (state["Upload-Offset"], state["Upload-Length"], state["Cache-Control"]) == ("1000", "102400", "no-store")
    assert state["Upload-Expires"].endswith("GMT")
    assert tus(ana, "PATCH", place, CONTENT[:1000], Upload_Offset="0").status_code == 409
    last = tus(ana, "PATCH", place, CONTENT[1000:], Upload_Offset="1000")
    assert (last.status_code, last["Upload-Offset"]) == (204, "102400")
    assert tus(ana, "HEAD", place)["Upload-Offset"] == "102400"  # whoever missed the last answer asks
    assert tus(ana, "PATCH", place, b"", Upload_Offset="102400").status_code == 204
    file = ana.get(place.replace("uploads", "attachments")).json()
    assert (file["filename"], file["mimeType"], file["size"]) == ("dados.bin", "application/octet-stream", 102400)
    assert fetched(ana, file["url"]) == CONTENT
    assert len(stored(tmp_path)) == 1


def test_part_is_checked_against_its_digest(ana: Machine) -> None:
    place = begin(ana)
    for algorithm in ("sha256", "sha1", "md5"):
        wrong = f"{algorithm} {base64.b64encode(hashlib.new(algorithm, b'other').digest()).decode()}"
        assert tus(ana, "PATCH", place, CONTENT, Upload_Offset="0", Upload_Checksum=wrong).status_code == 460
        assert tus(ana, "HEAD", place)["Upload-Offset"] == "0"
    right = f"sha1 {base64.b64encode(hashlib.sha1(CONTENT).digest()).decode()}"  # noqa: S324  tus wants it
    assert tus(ana, "PATCH", place, CONTENT, Upload_Offset="0", Upload_Checksum=right).status_code == 204
    assert tus(ana, "PATCH", place, b"", Upload_Offset="0", Upload_Checksum="crc32 AAAA").status_code == 400


def test_ended_upload_leaves_nothing(ana: Machine, tmp_path: Path) -> None:
    place = begin(ana)
    tus(ana, "PATCH", place, CONTENT[:1000], Upload_Offset="0")
    assert tus(ana, "DELETE", place).status_code == 204
    assert tus(ana, "HEAD", place).status_code == tus(ana, "DELETE", place).status_code == 404
    whole = begin(ana)
    tus(ana, "PATCH", whole, CONTENT, Upload_Offset="0")
    assert tus(ana, "DELETE", whole).status_code == 204
    assert stored(tmp_path) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload_Length": "1025"}, 413),
        ({"Upload_Length": "-1"}, 400),
        ({"Upload_Length": "0"}, 400),
        ({"Upload_Length": "9" * 40}, 400),
        ({}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": "filename !!"}, 400),
        ({"Upload_Length": "5", "Tus_Resumable": "0.2.2"}, 412),
    ],
)
def test_announcement_that_makes_no_sense_is_refused(
    ana: Machine, settings: Settings, headers: dict[str, str], status: int
) -> None:
    settings.UPLOAD_LIMIT = 1024
    assert tus(ana, "POST", "/api/uploads", b"", **headers).status_code == status


def test_more_than_announced_is_refused(ana: Machine) -> None:
    place = begin(ana, length=10)
    assert tus(ana, "PATCH", place, CONTENT, Upload_Offset="0").status_code == 413
    assert tus(ana, "PATCH", place, b"1", Upload_Offset="x").status_code == 400
    assert ana.generic("PATCH", place, b"1", "text/plain", headers={"Tus-Resumable": "1.0.0"}).status_code == 415


def test_server_says_what_it_can(ana: Machine) -> None:
    said = ana.options("/api/uploads")
    assert (said.status_code, said["Tus-Version"]) == (204, "1.0.0")
    assert said["Tus-Extension"] == "creation,termination,checksum,expiration"
    assert said["Tus-Max-Size"] == str(100 * 1024 * 1024)


def test_upload_is_its_uploaders_only(ana: Machine, acme: Company, globex: Company) -> None:
    place = begin(ana)
    for other in (Machine(acme.caio), Machine(globex.gil)):
        assert tus(other, "HEAD", place).status_code == 404
        assert tus(other, "PATCH", place, b"x", Upload_Offset="0").status_code == 404
        assert tus(other, "DELETE", place).status_code == 404


def test_expired_upload_is_gone(ana: Machine, acme: Company) -> None:
    place = begin(ana)
    with tenant_scope(acme.tenant):
        Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert Attachment.objects.count() == 0
    assert tus(ana, "HEAD", place).status_code == 404
