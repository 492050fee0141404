"""Every page of one row, as staff and as the tenant's administrator."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Team
from conversations.models import Contact, Conversation, Label, Message
from events.models import Event
from kanban.models import Board
from tenancy.scope import tenant_scope
from tests import webhooks
from tests.admin.addresses import list_of, page_of
from tests.cast import Company
from tests.webhooks import body, text, value
from whatsapp.models import Delivery


@pytest.mark.parametrize("kind", [Conversation, Message, Contact, Event, Delivery], ids=lambda kind: kind.__name__)
def test_what_happened_is_shown_and_cannot_be_changed(
    acme: Company, conversation: Conversation, staff: Client, bruno: Client, kind: Any
) -> None:
    with tenant_scope(acme.tenant):
        row = kind.objects.first()
    for client in (staff, bruno):
        page = client.get(page_of(row))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert client.post(page_of(row), {}).status_code == 403
        assert client.post(page_of(row).replace("change", "delete"), {"post": "yes"}).status_code == 403
        assert client.get(f"{list_of(kind)}add/").status_code == 403


def test_messages_of_a_conversation_are_one_click_away(
    acme: Company, conversation: Conversation, bruno: Client, deliver: Callable[[bytes], None]
) -> None:
    deliver(body(value(text("Outra pessoa", sender="5511877777777"))))
    link = f"/admin/conversations/message/?conversation__id__exact={conversation.pk}"
    assert link in bruno.get(page_of(conversation)).content.decode()
    listed = bruno.get(link).content.decode()
    assert "Oi" in listed
    assert "Outra pessoa" not in listed


def test_a_message_shows_its_files(acme: Company, bruno: Client, deliver: Callable[[bytes], None]) -> None:
    picture = webhooks.text() | {"type": "image", "image": {"id": "media-4711", "mime_type": "image/jpeg"}}
    deliver(body(value(picture)))
    with tenant_scope(acme.tenant):
        page = bruno.get(page_of(Message.objects.get())).content.decode()
    assert "media-4711" in page


def test_events_are_laid_out(acme: Company, conversation: Conversation, bruno: Client) -> None:
    with tenant_scope(acme.tenant):
        event = Event.objects.get(type="message:new")
    assert "&quot;content&quot;: &quot;Oi&quot;" in bruno.get(page_of(event)).content.decode()


def test_an_administrator_keeps_labels(acme: Company, bruno: Client) -> None:
    assert bruno.post("/admin/conversations/label/add/", {"name": "VIP", "hue": 10}).status_code == 302
    with tenant_scope(acme.tenant):
        label = Label.objects.get()
        assert label.name == "VIP"
        assert bruno.post(page_of(label), {"name": "Urgente", "hue": 10}).status_code == 302
        assert Label.objects.get().name == "Urgente"
        assert bruno.post(page_of(label).replace("change", "delete"), {"post": "yes"}).status_code == 302
        assert not Label.objects.exists()


def test_staff_say_whose_a_new_label_is(acme: Company, globex: Company, staff: Client) -> None:
    page = "/admin/conversations/label/add/"
    assert "for_tenant" in staff.get(page).content.decode()
    assert staff.post(page, {"name": "VIP", "hue": 10}).status_code == 200  # asked again
    assert staff.post(page, {"name": "VIP", "hue": 10, "for_tenant": str(globex.tenant.pk)}).status_code == 302
    with tenant_scope(globex.tenant):
        assert Label.objects.get().name == "VIP"


@pytest.mark.parametrize("who", ["staff", "bruno"])
@pytest.mark.parametrize("kind", [Label, Team, Board], ids=lambda kind: kind.__name__)
def test_a_name_that_is_taken_is_told(acme: Company, request: pytest.FixtureRequest, who: str, kind: Any) -> None:
    client: Client = request.getfixturevalue(who)
    with tenant_scope(acme.tenant):
        other, _ = kind.objects.create(name="VIP"), kind.objects.create(name="Taken")
    asked = {"name": "Taken", "hue": 10, "position": 0, "for_tenant": str(acme.tenant.pk)}
    none = {f"{rows}-{count}_FORMS": 0 for rows in ("columns", "membership_set") for count in ("TOTAL", "INITIAL")}
    for page in (f"{list_of(kind)}add/", page_of(other)):
        answer = client.post(page, asked | none, headers={"Accept-Language": "en"})
        assert answer.status_code == 200
        assert "This name is taken." in answer.content.decode()


def test_a_neighbours_name_is_not_taken(acme: Company, globex: Company, bruno: Client, staff: Client) -> None:
    with tenant_scope(globex.tenant):
        Label.objects.create(name="VIP")
    page = "/admin/conversations/label/add/"
    assert bruno.post(page, {"name": "VIP", "hue": 10}).status_code == 302
    assert staff.post(page, {"name": "Novo", "hue": 10, "for_tenant": str(acme.tenant.pk)}).status_code == 302


def test_a_column_sets_a_status_that_there_is(acme: Company, bruno: Client) -> None:
    for status, answer in (("DONE", 200), ("RESOLVED", 302)):
        asked = _columns(Board(name="Vendas"), "Fechado") | {"columns-0-sets_status": status}
        assert bruno.post("/admin/kanban/board/add/", asked).status_code == answer


def _columns(board: Board, *names: str) -> dict[str, Any]:
    rows = {f"columns-{place}-{key}": value for place, name in enumerate(names) for key, value in _column(name).items()}
    return {"name": board.name, "position": 0, "columns-TOTAL_FORMS": len(names), "columns-INITIAL_FORMS": 0, **rows}


def _column(name: str) -> dict[str, Any]:
    return {"id": "", "name": name, "position": 0, "sets_status": "", "wip_limit": "", "hue": 10}


@pytest.mark.parametrize("who", ["staff", "bruno"])
def test_columns_belong_to_their_boards_tenant(acme: Company, request: pytest.FixtureRequest, who: str) -> None:
    client: Client = request.getfixturevalue(who)
    with tenant_scope(acme.tenant):
        board = Board.objects.create(name="Vendas")
    assert client.post(page_of(board), _columns(board, "Proposta", "Fechado")).status_code == 302
    with tenant_scope(acme.tenant):
        assert set(board.columns.values_list("name", "tenant")) == {
            ("Proposta", acme.tenant.pk),
            ("Fechado", acme.tenant.pk),
        }


def test_staff_open_a_board_with_columns_for_a_tenant(acme: Company, globex: Company, staff: Client) -> None:
    asked = {**_columns(Board(name="Vendas"), "Proposta"), "for_tenant": str(globex.tenant.pk)}
    assert staff.post("/admin/kanban/board/add/", asked).status_code == 302
    with tenant_scope(globex.tenant):
        assert Board.objects.get(name="Vendas").columns.get().name == "Proposta"
