"""The OpenAPI document: valid, complete, and what is really answered."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pytest_django.fixtures import Settings

from api import urls
from conversations.models import Conversation, Message
from tenancy.scope import tenant_scope
from tests.cast import PASSWORD, Company
from tests.machines import Machine
from whatsapp.models import APPROVED, Template

UNDOCUMENTED = {"schema", "docs", "nothing"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    with GENERATOR_STATS.silence():
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        assert not GENERATOR_STATS
    return made


def _documented(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(path, method) for path, operations in document["paths"].items() for method in operations}


def _offered() -> set[tuple[str, str]]:
    named = [each for each in urls.urlpatterns if each.name and each.name not in UNDOCUMENTED]
    return {
        ("/api/" + re.sub(r"<uuid:(\w+)>", r"{\1}", str(each.pattern)), method)
        for each in named
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(each.callback.view_class, method)  # type: ignore[attr-defined]
    }


def test_document_is_valid_openapi(document: dict[str, Any]) -> None:
    validate_schema(document)  # type: ignore[no-untyped-call]


def test_every_endpoint_is_documented(document: dict[str, Any]) -> None:
    assert _documented(document) == _offered()


def test_operations_have_names_of_their_own_and_say_what_they_do(document: dict[str, Any]) -> None:
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["description"] for operation in operations)


def _violations(document: dict[str, Any], path: str, method: str, answer: Any) -> list[str]:
    responses = document["paths"][path][method]["responses"]
    response = responses.get(str(answer.status_code), responses["default"])
    schema = response["content"][answer["Content-Type"]]["schema"]
    validator = Draft202012Validator({**schema, "components": document["components"]})
    return [error.message for error in validator.iter_errors(answer.json())]


def test_answers_are_as_documented(
    acme: Company, conversation: Conversation, failed_message: Message, document: dict[str, Any]
) -> None:
    ana, bruno = Machine(acme.ana), Machine(acme.bruno)
    _template(acme)
    pair = ana.send("POST", "/api/auth/token", {"email": "ana@acme.test", "password": PASSWORD}).json()
    board, column, one = (
        acme.columns[0].board_id,
        {"columnId": str(acme.columns[1].pk)},
        f"/api/conversations/{conversation.pk}",
    )
    asked: list[tuple[Machine, str, str, str, object]] = [
        (ana, "post", "/api/auth/token", "/api/auth/token", {"email": "ana@acme.test", "password": PASSWORD}),
        (ana, "post", "/api/auth/token/refresh", "/api/auth/token/refresh", {"refresh": pair["refresh"]}),
        (ana, "post", "/api/auth/logout", "/api/auth/logout", {"refresh": pair["refresh"]}),
        (ana, "get", "/api/me", "/api/me", None),
        (ana, "get", "/api/conversations", "/api/conversations?view=all", None),
        (ana, "get", "/api/conversations/{conversation_id}", one, None),
        (ana, "patch", "/api/conversations/{conversation_id}", one, {"priority": 1}),
        (ana, "post", "/api/conversations/{conversation_id}/move", f"{one}/move", column),
        (ana, "post", "/api/conversations/{conversation_id}/read", f"{one}/read", None),
        (ana, "get", "/api/conversations/{conversation_id}/messages", f"{one}/messages", None),
        (ana, "post", "/api/conversations/{conversation_id}/messages", f"{one}/messages", {"content": "Oi"}),
        (ana, "post", "/api/messages/{message_id}/retry", f"/api/messages/{failed_message.pk}/retry", None),
        (ana, "get", "/api/templates", f"/api/templates?numberId={acme.number.pk}", None),
        (ana, "get", "/api/contacts", "/api/contacts", None),
        (ana, "get", "/api/users/search", "/api/users/search", None),
        (ana, "get", "/api/boards", "/api/boards", None),
        (ana, "get", "/api/boards/{board_id}/columns", f"/api/boards/{board}/columns", None),
        (ana, "get", "/api/events", "/api/events?after=0", None),
        (bruno, "get", "/api/socket/stats", "/api/socket/stats", None),
    ]
    told = _documented(document) - _of(_FILES, document) - _of(_CHATS, document)
    assert {(path, method) for _who, method, path, _address, _body in asked} == told
    _try(asked, document)


def _template(company: Company) -> None:
    text = "Olá, {{1}}!"
    components = [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": text},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ok"}]},
    ]
    facts = {"name": "aviso", "language": "pt_BR", "status": APPROVED, "body": text, "components": components}
    with tenant_scope(company.tenant):
        Template.objects.create(waba_id=company.number.waba_id, **facts)


def _try(asked: list[tuple[Machine, str, str, str, object]], document: dict[str, Any]) -> None:
    for who, method, path, address, body in asked:
        answer = who.send(method.upper(), address, body)
        assert answer.status_code < 300, (address, answer.content)
        if answer.status_code != 204:
            assert not _violations(document, path, method, answer), address


_FILES = "/api/(attachments|uploads)"
_CHATS = "/api/(directs|groups|users/contacts|messages/(?!.*retry))"


def _of(some: str, document: dict[str, Any]) -> set[tuple[str, str]]:
    return {each for each in _documented(document) if re.match(some, each[0])}


def test_answers_about_chats_are_as_documented(acme: Company, document: dict[str, Any]) -> None:
    ana, caio = Machine(acme.ana), Machine(acme.caio)
    whom = {"userIds": [str(acme.caio.pk), str(acme.sofia.pk)]}
    group = ana.send("POST", "/api/groups", {"title": "Atendimento", **whom, "isOpen": True}).json()["id"]
    path, at = "/api/groups/{conversation_id}", f"/api/groups/{group}"
    said = [
        ana.send("POST", f"/api/conversations/{group}/messages", {"content": word}).json()["id"]
        for word in ("um", "dois")
    ]
    one, message = "/api/messages/{message_id}", f"/api/messages/{said[0]}"
    asked: list[tuple[Machine, str, str, str, object]] = [
        (ana, "post", "/api/directs", "/api/directs", {"userId": str(acme.caio.pk)}),
        (ana, "get", "/api/users/contacts", "/api/users/contacts", None),
        (ana, "get", "/api/groups", "/api/groups", None),
        (ana, "post", "/api/groups", "/api/groups", {"title": "Só eu"}),
        (ana, "patch", path, at, {"title": "Plantão"}),
        (ana, "get", f"{path}/members", f"{at}/members", None),
        (ana, "post", f"{path}/members", f"{at}/members", {"userIds": [str(acme.bruno.pk)]}),
        (ana, "patch", f"{path}/members/{{user_id}}", f"{at}/members/{acme.bruno.pk}", {"role": "ADMIN"}),
        (ana, "delete", f"{path}/members/{{user_id}}", f"{at}/members/{acme.bruno.pk}", None),
        (caio, "post", "/api/messages/delivered", "/api/messages/delivered", {"messageIds": said}),
        (caio, "get", "/api/messages/search", "/api/messages/search?q=um", None),
        (caio, "put", f"{one}/reaction", f"{message}/reaction", {"emoji": "👍"}),
        (ana, "get", f"{one}/receipts", f"{message}/receipts", None),
        (ana, "patch", one, message, {"content": "três"}),
        (ana, "delete", one, message, None),
        (ana, "post", f"{one}/recall", f"/api/messages/{said[1]}/recall", None),
        (caio, "post", f"{path}/leave", f"{at}/leave", None),
        (caio, "post", f"{path}/join", f"{at}/join", None),
    ]
    assert {(path, method) for _who, method, path, _address, _body in asked} == _of(_CHATS, document)
    _try(asked, document)


def test_answers_about_files_are_as_documented(
    acme: Company, document: dict[str, Any], settings: Settings, tmp_path: Path
) -> None:
    """Their bodies are no JSON."""
    settings.MEDIA_ROOT = tmp_path
    ana, tus = Machine(acme.ana), {"Tus-Resumable": "1.0.0"}
    whole = ana.post("/api/attachments", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    one, begun = whole.json()["id"], ana.post("/api/uploads", headers={**tus, "Upload-Length": "1"})
    part, offset = "application/offset+octet-stream", {"Upload-Offset": "0"}
    answers = {
        ("/api/attachments", "post"): whole,
        ("/api/attachments/{attachment_id}", "get"): ana.get(f"/api/attachments/{one}"),
        ("/api/attachments/{attachment_id}/link", "post"): ana.post(f"/api/attachments/{one}/link"),
        ("/api/attachments/{attachment_id}", "delete"): ana.delete(f"/api/attachments/{one}"),
        ("/api/uploads", "post"): begun,
        ("/api/uploads/{upload_id}", "patch"): ana.patch(begun["Location"], b"x", part, headers={**tus, **offset}),
        ("/api/uploads/{upload_id}", "delete"): ana.delete(begun["Location"], headers=tus),
    }
    assert set(answers) == _of(_FILES, document)
    for (path, method), answer in answers.items():
        assert str(answer.status_code) in document["paths"][path][method]["responses"], (path, method, answer.content)
        assert not answer.content or not _violations(document, path, method, answer), path


def test_problems_and_reloads_are_as_documented(
    acme: Company, conversation: Conversation, document: dict[str, Any]
) -> None:
    ana, path = Machine(acme.ana), "/api/conversations/{conversation_id}"
    conflict = ana.send("PATCH", f"/api/conversations/{conversation.pk}", {"version": 0})
    refused = ana.send("PATCH", f"/api/conversations/{conversation.pk}", {"priority": 7})
    reload = ana.get("/api/events?after=4711")
    assert (conflict.status_code, refused.status_code, reload.json()["resync"]) == (409, 400, True)
    assert not _violations(document, path, "patch", conflict)
    assert not _violations(document, path, "patch", refused)
    assert not _violations(document, "/api/events", "get", reload)


@pytest.mark.parametrize("slash", ["", "/"])
def test_document_is_handed_out_to_anybody(db: None, client: Client, slash: str) -> None:
    assert client.get(f"/api/schema{slash}", {"format": "json"}).json()["openapi"].startswith("3.1")


def test_docs_work_offline_and_without_inline_scripts(db: None, client: Client) -> None:
    page = client.get("/api/docs")
    html = page.content.decode()
    ours = re.findall(r'(?:src|href)="/static/([^"]+)"', html)
    assert len(ours) == 6
    assert all(finders.find(path) for path in ours)
    assert "//" not in re.sub(r"/static/", "", "".join(re.findall(r'(?:src|href)="([^"]+)"', html)))
    assert "<script>" not in html
    assert "script-src" not in page["Content-Security-Policy"]
    assert b"/api/schema" in client.get("/api/docs?script=").content
