"""Templates: fetched from the Graph API, followed by webhooks, listed with what is to be filled in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from tenancy.scope import tenant_scope
from tests import webhooks
from tests.cast import Company
from tests.machines import Machine
from tests.meta import Meta
from whatsapp import blueprints, graph, queries, tasks, templates
from whatsapp.models import Number, NumberState, Template


@pytest.fixture(scope="module")
def running_meta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    meta = Meta(tmp_path_factory.mktemp("meta")).start()
    yield meta
    meta.stop()


@pytest.fixture
def meta(running_meta: Meta, settings: Settings) -> Iterator[Meta]:
    running_meta.normal()
    settings.GRAPH_URL = running_meta.graph_url
    yield running_meta
    graph._client().close()
    graph._client.cache_clear()


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
