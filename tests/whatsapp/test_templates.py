"""Templates: fetched, followed, listed and sent; and messages with something to press."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from conversations.actions import open_direct, retry_message, rewrite_message, upload_file, write_message
from conversations.errors import BadRequest, NotFound, UnsupportedByChannel
from conversations.fragments import messages
from conversations.interactive import Interactive
from conversations.models import Contact, ContactIdentity, Conversation, Message
from conversations.requests import MessageDraft, TemplateDraft, TemplateParameters
from tenancy.scope import tenant_scope
from tests import webhooks
from tests.cast import Company
from tests.files import picture
from tests.machines import Machine
from tests.meta import Meta
from whatsapp import blueprints, graph, queries, sending, tasks, templates
from whatsapp.models import Number, NumberState, Template


def template(number: Number, name: str = "aviso", text: str = "Oi, {{1}}!", **more: Any) -> Template:
    components = [{"type": "BODY", "text": text}]
    facts = {"waba_id": number.waba_id, "language": "pt_BR", "status": "APPROVED", "body": text}
    return Template.objects.create(name=name, **{**facts, "components": components, **more})


def news(field: str = "message_template_status_update", **value: Any) -> bytes:
    who = {"message_template_id": 168, "message_template_name": "aviso", "message_template_language": "pt-BR"}
    return webhooks.body({**who, **value}, field=field)


def due(company: Company) -> bool:
    """Whether the templates of its number are to be fetched soon."""
    with tenant_scope(company.tenant):
        return Number.objects.filter(templates_due_at__lt=timezone.now() + timedelta(minutes=1)).exists()


def test_templates_of_a_new_number_are_fetched(meta: Meta, in_acme: Company) -> None:
    assert templates.due(timezone.now()) == [(in_acme.tenant.pk, "test-entry")]
    tasks.fetch_templates(str(in_acme.tenant.pk), "test-entry")
    assert templates.due(timezone.now()) == []
    row = Template.objects.get(name="retomar_atendimento")
    assert (row.language, row.category, row.status) == ("pt_BR", "UTILITY", "APPROVED")
    assert row.body == "Olá, {{1}}! Podemos continuar o seu atendimento?"
    assert queries.template_page(in_acme.number.pk, limit=100).items == list(Template.objects.order_by("name"))


def test_all_pages_are_fetched(meta: Meta, in_acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "TEMPLATES_A_PAGE", 2)
    assert templates.fetch("test-entry")
    assert Template.objects.count() == 9


def test_a_template_that_is_gone_at_meta_is_gone_here(meta: Meta, in_acme: Company) -> None:
    template(in_acme.number, "aviso")
    template(in_acme.number, "hello_world", language="en_US", status="PAUSED")
    templates.fetch("test-entry")
    assert not Template.objects.filter(name="aviso").exists()
    assert Template.objects.get(name="hello_world").status == "APPROVED"


def test_what_could_not_be_fetched_stays_and_is_tried_again(in_acme: Company, settings: Settings) -> None:
    settings.GRAPH_URL = "http://127.0.0.1:9"
    template(in_acme.number)
    assert not templates.fetch("test-entry")
    number = Number.objects.get()
    assert Template.objects.count() == 1
    assert "unreachable" in number.templates_problem
    assert timezone.now() < number.templates_due_at < timezone.now() + timedelta(minutes=5)


def test_a_token_that_may_not_read_templates_can_still_send(in_acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(number: Number) -> Iterator[dict[str, Any]]:
        raise graph.Reconnect(200, "needs whatsapp_business_management")

    monkeypatch.setattr(graph, "templates", refuse)
    assert not templates.fetch("test-entry")
    number = Number.objects.get()
    assert (number.state, number.templates_problem) == (
        NumberState.CONNECTED,
        "200: needs whatsapp_business_management",
    )


@pytest.mark.parametrize(
    ("event", "status"),
    [("PAUSED", "PAUSED"), ("REJECTED", "REJECTED"), ("FLAGGED", "APPROVED"), ("REINSTATED", "APPROVED")],
)
def test_status_is_followed(acme: Company, deliver: Callable[[bytes], None], event: str, status: str) -> None:
    with tenant_scope(acme.tenant):
        template(acme.number)
    deliver(news(event=event, reason="NONE"))
    with tenant_scope(acme.tenant):
        assert Template.objects.get().status == status
        listed = queries.template_page(acme.number.pk, limit=10).items
    assert bool(listed) == (status == "APPROVED")


@pytest.mark.parametrize("event", ["DELETED", "PENDING_DELETION"])
def test_a_deleted_template_disappears(acme: Company, deliver: Callable[[bytes], None], event: str) -> None:
    with tenant_scope(acme.tenant):
        template(acme.number)
    deliver(news(event=event))
    with tenant_scope(acme.tenant):
        assert not Template.objects.exists()


def test_category_is_followed_once_it_changed(acme: Company, deliver: Callable[[bytes], None]) -> None:
    with tenant_scope(acme.tenant):
        template(acme.number, category="UTILITY")
    for value, category in [
        ({"correct_category": "MARKETING", "new_category": "UTILITY"}, "UTILITY"),  # announced for tomorrow
        ({"previous_category": "UTILITY", "new_category": "MARKETING"}, "MARKETING"),
    ]:
        deliver(news("template_category_update", **value))
        with tenant_scope(acme.tenant):
            assert Template.objects.get().category == category


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message_template_status_update", {"event": "APPROVED"}),
        ("message_template_components_update", {"message_template_element": "Oi"}),
    ],
)
def test_an_unknown_template_is_fetched_soon(
    acme: Company, deliver: Callable[[bytes], None], field: str, value: dict[str, Any]
) -> None:
    with tenant_scope(acme.tenant):
        Number.objects.update(templates_due_at=timezone.now() + timedelta(hours=1))
    deliver(news(field, **value))
    assert due(acme)


def test_quality_under_the_name_of_a_status_changes_nothing(acme: Company, deliver: Callable[[bytes], None]) -> None:
    with tenant_scope(acme.tenant):
        template(acme.number)
        Number.objects.update(templates_due_at=timezone.now() + timedelta(hours=1))
    deliver(news(previous_quality_score="GREEN", new_quality_score="RED"))
    with tenant_scope(acme.tenant):
        assert Template.objects.get().status == "APPROVED"
    assert not due(acme)


def test_another_tenants_template_is_not_followed(
    acme: Company, globex: Company, deliver: Callable[[bytes], None]
) -> None:
    for company in (acme, globex):
        with tenant_scope(company.tenant):
            template(company.number)
    deliver(news(event="PAUSED"))
    with tenant_scope(globex.tenant):
        assert Template.objects.get().status == "APPROVED"


def test_templates_are_listed_with_their_placeholders(acme: Company) -> None:
    with tenant_scope(acme.tenant):
        template(
            acme.number,
            "pedido",
            components=[
                {"type": "HEADER", "format": "TEXT", "text": "Pedido {{1}}", "example": {"header_text": ["42"]}},
                {"type": "BODY", "text": "Olá, {{1}}: {{2}}", "example": {"body_text": [["Ana", "pronto"]]}},
                {"type": "FOOTER", "text": "Casa Acme"},
                {
                    "type": "BUTTONS",
                    "buttons": [
                        {"type": "QUICK_REPLY", "text": "Ok"},
                        {"type": "URL", "text": "Ver", "url": "https://x.y/{{1}}", "example": ["https://x.y/42"]},
                    ],
                },
            ],
        )
    answer = Machine(acme.ana).get(f"/api/templates?numberId={acme.number.pk}").json()
    (found,) = answer["items"]
    assert (found["header"], found["footer"], answer["cursor"]) == (
        {"format": "TEXT", "text": "Pedido {{1}}"},
        "Casa Acme",
        None,
    )
    assert [(each["component"], each["name"], each["example"], each["suggests"]) for each in found["placeholders"]] == [
        ("header", "1", "42", None),
        ("body", "1", "Ana", "contactName"),
        ("body", "2", "pronto", None),
        ("buttons", "1", "42", None),
    ]


def test_only_what_can_be_sent_is_listed(in_acme: Company) -> None:
    template(in_acme.number, "bom")
    template(in_acme.number, "pausado", status="PAUSED")
    template(in_acme.number, "carrossel", is_sendable=False)
    template(in_acme.number, "de_outra_conta", waba_id="another")
    assert [row.name for row in queries.template_page(in_acme.number.pk, limit=10).items] == ["bom"]


def test_templates_are_searched_and_paged(in_acme: Company) -> None:
    for name in ("c_aviso", "a_aviso", "b_aviso"):
        template(in_acme.number, name, f"Oi {name[0]}, seu pedido chegou")
    template(in_acme.number, "outro", "Tchau")
    number = in_acme.number.pk
    first = queries.template_page(number, search="pedido AVISO", limit=2)
    assert first.cursor
    rest = queries.template_page(number, search="pedido AVISO", limit=2, cursor=first.items[-1].pk)
    assert [row.name for row in (*first.items, *rest.items)] == ["a_aviso", "b_aviso", "c_aviso"]
    assert rest.cursor is None


@pytest.mark.parametrize(
    ("text", "suggests"),
    [
        ("Olá, {{1}}! Tudo bem?", True),
        ("Bom dia {{1}}, tudo bem?", True),
        ("*{{1}}*, lembrete da consulta", True),
        ("Hi {{first_name}}, welcome", True),
        ("Prezado(a) {{nome_cliente}}", True),
        ("O pedido {{1}} chegou, {{2}}", False),
        ("O pedido {{pedido}} chegou", False),
        ("Olá! O seu código é {{1}}", False),
    ],
)
def test_the_customers_name_is_suggested_where_somebody_is_addressed(text: str, suggests: bool) -> None:
    found = blueprints.read([{"type": "BODY", "text": text}]).placeholders
    assert (found[0].suggests == "contactName") == suggests


@pytest.mark.parametrize(
    "components",
    [
        [],
        "nonsense",
        [{"type": "BODY", "text": "Oi"}, {"type": "CAROUSEL", "cards": []}],
        [{"type": "BODY", "text": "Oi"}, {"type": "HEADER", "format": "LOCATION"}],
        [{"type": "BODY", "text": "Oi"}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "text": "Copy"}]}],
    ],
)
def test_what_we_cannot_fill_in_is_not_sendable(components: Any) -> None:
    assert not blueprints.read(components).is_sendable


PHONE = "5511877770000"


@pytest.fixture
def closed(in_acme: Company) -> Conversation:
    """A conversation whose window has closed."""
    return closed_conversation(in_acme)


def closed_conversation(company: Company) -> Conversation:
    contact = Contact.objects.create(name="Marta", phone=PHONE)
    ContactIdentity.objects.create(contact=contact, kind="WA_ID", value=PHONE)
    return Conversation.objects.create(
        contact=contact, number=company.number, address=PHONE, window_expires_at=timezone.now() - timedelta(hours=1)
    )


def draft(name: str, /, **parameters: dict[str, str]) -> TemplateDraft:
    return TemplateDraft(name=name, language="pt_BR", parameters=TemplateParameters(**parameters))


def newest(meta: Meta) -> dict[str, Any]:
    return meta.messages(PHONE)[-1]


def test_template_is_sent_outside_the_window(meta: Meta, in_acme: Company, closed: Conversation) -> None:
    templates.fetch("test-entry")
    wanted = draft("retomar_atendimento", body={"1": " Marta\n Silva "})
    message = write_message(closed, by=in_acme.ana, client_id="t1", composed=wanted)
    assert (message.type, message.content, message.status) == (
        "TEMPLATE",
        "Olá, Marta Silva! Podemos continuar o seu atendimento?",
        "PENDING",
    )
    assert write_message(closed, by=in_acme.ana, client_id="t1", composed=wanted).pk == message.pk
    sending.send_waiting(closed.pk)
    message.refresh_from_db()
    assert (message.status, message.error_detail) == ("SENT", "")
    assert newest(meta)["template"] == {
        "name": "retomar_atendimento",
        "language": {"code": "pt_BR"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Marta Silva"}]}],
    }
    assert [each["text"] for each in message.metadata["template"]["buttons"]] == ["Sim", "Agora não"]


def test_template_with_every_part_is_taken_by_meta(meta: Meta, in_acme: Company, closed: Conversation) -> None:
    templates.fetch("test-entry")
    wanted = draft(
        "acompanhar_pedido",
        header={"numero": "42"},
        body={"nome": "Marta", "transportadora": "Rápido Sul"},
        buttons={"0": "42"},
    )
    message = write_message(closed, by=in_acme.ana, composed=wanted)
    kept = message.metadata["template"]
    assert (kept["header"], kept["footer"]) == ("Pedido 42", "Casa Acme")
    assert kept["buttons"][0]["url"] == "https://example.com/pedidos/42"
    sending.send_waiting(closed.pk)
    message.refresh_from_db()
    assert (message.status, message.error_detail) == ("SENT", "")


def test_file_on_top_of_a_template_goes_along(
    meta: Meta, in_acme: Company, closed: Conversation, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    templates.fetch("test-entry")
    file = upload_file(io.BytesIO(picture("JPEG")), by=in_acme.ana, filename="vitrine.jpg")
    wanted = draft("vitrine_da_semana", body={"1": "Marta"}, buttons={"0": "VOLTA10"})
    with pytest.raises(BadRequest) as missing:
        write_message(closed, by=in_acme.ana, composed=wanted)
    assert missing.value.fields.keys() == {"attachmentIds"}
    message = write_message(closed, by=in_acme.ana, composed=wanted, attachment_ids=(file.pk,))
    sending.send_waiting(closed.pk)
    message.refresh_from_db()
    assert (message.status, message.error_detail) == ("SENT", "")
    (header, *_rest) = newest(meta)["template"]["components"]
    assert meta.file(header["parameters"][0]["image"]["id"]) == picture("JPEG")


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({}, {"body.1"}),
        ({"body": {"1": "  "}}, {"body.1"}),
        ({"body": {"1": "Marta", "2": "x"}}, {"body.2"}),
        ({"body": {"1": "Marta"}, "header": {"1": "x"}}, {"header.1"}),
    ],
)
def test_what_does_not_fit_the_template_is_named(
    in_acme: Company, closed: Conversation, parameters: dict[str, dict[str, str]], wrong: set[str]
) -> None:
    template(in_acme.number)
    with pytest.raises(BadRequest) as refused:
        write_message(closed, by=in_acme.ana, composed=draft("aviso", **parameters))
    assert refused.value.fields.keys() == {f"template.parameters.{name}" for name in wrong}
    assert not Message.objects.exists()


@pytest.mark.parametrize("facts", [{"status": "PAUSED"}, {"is_sendable": False}, {"waba_id": "another"}, {"name": "x"}])
def test_what_cannot_be_sent_is_not_found(in_acme: Company, closed: Conversation, facts: dict[str, Any]) -> None:
    template(in_acme.number, **facts)
    with pytest.raises(NotFound):
        write_message(closed, by=in_acme.ana, composed=draft("aviso", body={"1": "Marta"}))


def test_a_neighbours_template_is_not_found(acme: Company, globex: Company) -> None:
    with tenant_scope(globex.tenant):
        template(globex.number, waba_id=acme.number.waba_id)  # were they to share an account
    with tenant_scope(acme.tenant):
        closed = closed_conversation(acme)
        with pytest.raises(NotFound):
            write_message(closed, by=acme.ana, composed=draft("aviso", body={"1": "Marta"}))


def test_a_template_that_meta_does_not_know_any_more_is_said_and_fetched_again(
    meta: Meta, in_acme: Company, closed: Conversation
) -> None:
    Number.objects.update(templates_due_at=timezone.now() + timedelta(hours=1))
    template(in_acme.number)
    message = write_message(closed, by=in_acme.ana, composed=draft("aviso", body={"1": "Marta"}))
    sending.send_waiting(closed.pk)
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "132001")
    assert due(in_acme)


def test_a_failed_template_can_be_retried_outside_the_window(
    meta: Meta, in_acme: Company, closed: Conversation
) -> None:
    templates.fetch("test-entry")
    meta.behave(answer="bad_token", remaining=1)
    message = write_message(closed, by=in_acme.ana, composed=draft("retomar_atendimento", body={"1": "Marta"}))
    sending.send_waiting(closed.pk)
    Number.objects.update(state=NumberState.CONNECTED)
    retry_message(Message.objects.get(status="FAILED"), by=in_acme.ana)
    sending.send_waiting(closed.pk)
    message.refresh_from_db()
    assert message.status == "SENT"


def test_the_words_of_a_template_cannot_be_changed(in_acme: Company, closed: Conversation) -> None:
    template(in_acme.number)
    message = write_message(closed, by=in_acme.ana, composed=draft("aviso", body={"1": "Marta"}), undoable=True)
    with pytest.raises(UnsupportedByChannel):
        rewrite_message(message, by=in_acme.ana, content="Outra coisa")


def test_the_form_sends_a_template(acme: Company, closed: Conversation, client: Client) -> None:
    template(acme.number)
    client.force_login(acme.ana)
    fields = {"template": "aviso", "language": "pt_BR", "client_id": "f1", "body.1": "Marta"}
    answer = client.post(f"/conversations/{closed.pk}/messages/", fields, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["content"]) == (201, "Oi, Marta!")


def test_picker_asks_as_much_for_one_template_as_for_three(
    acme: Company, closed: Conversation, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(acme.ana)
    address = f"/conversations/{closed.pk}/templates/"
    template(acme.number, "um")
    with CaptureQueriesContext(connection) as one:
        page = client.get(address).content.decode()
    assert 'value="Marta"' in page
    template(acme.number, "dois")
    template(acme.number, "tres")
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_rest_sends_a_template_and_names_what_is_wrong(acme: Company, closed: Conversation) -> None:
    template(acme.number)
    ana, address = Machine(acme.ana), f"/api/conversations/{closed.pk}/messages"
    wanted = {"name": "aviso", "language": "pt_BR", "parameters": {"body": {"1": "Marta"}}}
    sent = ana.send("POST", address, {"type": "TEMPLATE", "template": wanted})
    assert (sent.status_code, sent.json()["type"], sent.json()["content"]) == (201, "TEMPLATE", "Oi, Marta!")
    for body, wrong in [
        ({"type": "TEMPLATE"}, "template"),
        ({"type": "IMAGE", "template": wanted}, "template"),
        ({"template": wanted, "content": "Oi"}, "content"),
        ({"template": {**wanted, "parameters": {}}}, "template.parameters.body.1"),
    ]:
        refused = ana.send("POST", address, body)
        assert (refused.status_code, list(refused.json()["fields"])) == (400, [wrong])


BUTTONS = {"type": "button", "buttons": [{"id": "yes", "title": "Sim"}, {"id": "no", "title": "Não"}]}
ROWS = [{"id": f"r{place}", "title": f"Plano {place}", "description": "por mês" * (place % 2)} for place in range(10)]
LIST = {"type": "list", "button": "Ver planos", "sections": [{"title": "Planos", "rows": ROWS}], "footer": "Casa Acme"}
LINK = {"type": "cta_url", "button": "Abrir", "url": "https://example.com/x", "header": "Catálogo"}


@pytest.fixture
def opened(closed: Conversation) -> Conversation:
    Conversation.objects.update(window_expires_at=timezone.now() + timedelta(hours=1))
    return closed


@pytest.mark.parametrize("interactive", [BUTTONS, LIST, LINK], ids=lambda each: each["type"])
def test_interactive_message_is_taken_by_meta(
    meta: Meta, acme: Company, opened: Conversation, interactive: dict[str, Any]
) -> None:
    body = {"type": "INTERACTIVE", "content": "Escolha:", "interactive": interactive}
    sent = Machine(acme.ana).send("POST", f"/api/conversations/{opened.pk}/messages", body)
    assert (sent.status_code, sent.json()["content"]) == (201, "Escolha:")
    assert sent.json()["metadata"]["interactive"].items() >= interactive.items()
    sending.send_waiting(opened.pk)
    message = Message.objects.get()
    assert (message.status, message.error_detail) == ("SENT", "")
    heard = newest(meta)["interactive"]
    assert (heard["type"], heard["body"]) == (interactive["type"], {"text": "Escolha:"})


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"buttons": [{"id": str(place), "title": str(place)} for place in range(4)]}, "interactive.buttons"),
        ({"buttons": []}, "interactive.buttons"),
        ({"buttons": [{"id": "1", "title": "x" * 21}]}, "interactive.buttons[0].title"),
        ({"buttons": [{"id": "1", "title": "a"}, {"id": "1", "title": "b"}]}, "interactive"),
        ({"header": "x" * 61}, "interactive.header"),
        ({"footer": "x" * 61}, "interactive.footer"),
        (LIST | {"button": "x" * 21}, "interactive.button"),
        (LIST | {"sections": [{"rows": [*ROWS, ROWS[0]]}]}, "interactive.sections[0].rows"),
        (LIST | {"sections": [{"title": "a", "rows": ROWS[:6]}, {"title": "b", "rows": ROWS[:6]}]}, "interactive"),
        (LIST | {"sections": [{"rows": ROWS[:1]}, {"rows": ROWS[1:2]}]}, "interactive"),
        (
            LIST | {"sections": [{"rows": [{"id": "1", "title": "x" * 25}]}]},
            "interactive.sections[0].rows[0].title",
        ),
        (LINK | {"url": "javascript:alert(1)"}, "interactive.url"),
        ({"type": "flow"}, "interactive.type"),
    ],
)
def test_what_meta_would_refuse_of_an_interactive_message_is_named(
    acme: Company, opened: Conversation, changes: dict[str, Any], wrong: str
) -> None:
    body = {"type": "INTERACTIVE", "content": "Escolha:", "interactive": {**BUTTONS, **changes}}
    refused = Machine(acme.ana).send("POST", f"/api/conversations/{opened.pk}/messages", body)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, [wrong])


def test_interactive_message_has_a_short_body_and_needs_the_window(acme: Company, opened: Conversation) -> None:
    ana, address = Machine(acme.ana), f"/api/conversations/{opened.pk}/messages"
    assert ana.send("POST", address, {"interactive": BUTTONS, "content": "x" * 1025}).json()["code"] == "too_large"
    assert ana.send("POST", address, {"interactive": LIST, "content": "x" * 1025}).status_code == 201
    assert list(ana.send("POST", address, {"interactive": BUTTONS}).json()["fields"]) == ["content"]
    Conversation.objects.update(window_expires_at=timezone.now() - timedelta(hours=1))
    assert ana.send("POST", address, {"interactive": BUTTONS, "content": "Oi"}).json()["code"] == "window_closed"


def test_colleagues_are_sent_neither_templates_nor_buttons(acme: Company, in_acme: Company) -> None:
    chat = open_direct(by=acme.ana, colleague=acme.caio)
    answer = Machine(acme.ana).send(
        "POST", f"/api/conversations/{chat.pk}/messages", {"interactive": BUTTONS, "content": "Oi"}
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["type"])


def test_bubbles_show_what_can_be_pressed(in_acme: Company, opened: Conversation) -> None:
    for interactive in (BUTTONS, LIST, LINK):
        parts = MessageDraft(content="Escolha:", interactive=msgspec.convert(interactive, Interactive)).parts()
        write_message(opened, by=in_acme.ana, **parts)
    shown = "".join(fragment.html for fragment in messages(Message.objects.values_list("pk", flat=True)))
    for words in ("Sim", "Não", "Ver planos", "Planos", "Plano 9", "por mês", "Casa Acme", "Abrir", "Catálogo"):
        assert words in shown
