"""The board as a browser gets it."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conversations.actions import update_conversation
from conversations.models import Conversation, Label, Labelling
from kanban import queries
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.customers import writes

BOARD_QUERIES = 11


@pytest.fixture
def ana(client: Client, acme: Company) -> Client:
    client.force_login(acme.ana)
    return client


def text(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def load(client: Client, address: str) -> Any:
    return json.loads(text(client, address, Accept="application/json"))


def labelled(company: Company, name: str) -> Conversation:
    conversation = writes(company, name)
    with tenant_scope(company.tenant):
        update_conversation(conversation, by=company.ana, assignee=company.caio)
        for word in ("Vendas", "Entrega", "Troca", "B2B"):
            label, _ = Label.objects.get_or_create(name=word)
            Labelling.objects.create(conversation=conversation, label=label)
    return conversation


def test_board_shows_columns_cards_and_counts_of_this_tenant_only(ana: Client, acme: Company, globex: Company) -> None:
    writes(acme, "Marta Vieira", "Cadê meu pedido?")
    writes(globex, "Vizinha Secreta")
    page = text(ana, "/")
    assert "Marta Vieira" in page
    assert "Cadê meu pedido?" in page
    assert "Vizinha Secreta" not in page
    assert [page.index(column.name) for column in acme.columns] == sorted(
        page.index(column.name) for column in acme.columns
    )


@pytest.mark.parametrize("cards", [1, 3])
def test_board_asks_as_often_for_many_cards_as_for_one(
    ana: Client, acme: Company, cards: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(cards):
        labelled(acme, f"Cliente {number}")
    with django_assert_num_queries(BOARD_QUERIES):
        text(ana, "/")


@pytest.mark.parametrize("messages", [1, 3])
def test_conversation_asks_as_often_for_many_messages_as_for_one(
    ana: Client, acme: Company, messages: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conversation = writes(acme, "Marta", *(f"Mensagem {number}" for number in range(messages)))
    with django_assert_num_queries(10):
        text(ana, f"/conversations/{conversation.pk}/", **{"X-Recado-Fragment": "panel"})


def test_views_filter_and_count(ana: Client, acme: Company) -> None:
    mine, others = writes(acme, "Minha"), writes(acme, "Do Caio")
    writes(acme, "De ninguém")
    with tenant_scope(acme.tenant):
        update_conversation(mine, by=acme.ana, assignee=acme.ana)
        update_conversation(others, by=acme.ana, assignee=acme.caio)
    page = text(ana, "/?view=mine")
    assert "Minha" in page
    assert "Do Caio" not in page
    assert "1 de 3" in page
    assert "De ninguém" in text(ana, "/?view=unassigned")
    assert ana.get("/?view=secret").status_code == 400


def test_long_column_is_paged_by_keyset_also_between_equal_ranks(
    ana: Client, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    for number in range(8):
        writes(acme, f"Cliente {number}")
    with tenant_scope(acme.tenant):
        Conversation.objects.filter(contact__name__in=["Cliente 3", "Cliente 4", "Cliente 5"]).update(
            rank=Decimal("-5.5")
        )
        everybody = set(Conversation.objects.values_list("pk", flat=True))
    lanes = queries_in(acme)
    seen, cursor = [card.pk for card in lanes[0].cards], lanes[0].cursor
    while cursor:
        with tenant_scope(acme.tenant):
            cards, cursor = queries.more_cards(acme.columns[0].pk, user=acme.ana, view="all", after=cursor)
        seen += [card.pk for card in cards]
    assert len(seen) == 8
    assert set(seen) == everybody
    more = text(ana, f"/columns/{acme.columns[0].pk}/cards/?after={lanes[0].cursor}")
    assert more.count('<li class="card"') == 3


def queries_in(company: Company) -> list[queries.Lane]:
    with tenant_scope(company.tenant):
        board = queries.board()
        assert board
        return queries.lanes(board, user=company.ana, view="all")


@pytest.mark.parametrize("after", ["", "nonsense", "1_2", "NaN_0192d0f1-7c5e-7c5e-8c5e-7c5e7c5e7c5e"])
def test_wrong_cursor_is_refused(ana: Client, acme: Company, after: str) -> None:
    assert ana.get(f"/columns/{acme.columns[0].pk}/cards/", {"after": after}).status_code == 400


def test_counting_stops_at_the_cap(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COUNT_CAP", 2)
    for number in range(3):
        writes(acme, f"Cliente {number}")
    assert queries_in(acme)[0].total == 2


def test_board_without_columns_and_tenant_without_board_are_no_errors(ana: Client, acme: Company) -> None:
    board = acme.columns[0].board
    with tenant_scope(acme.tenant):
        board.columns.all().delete()
    assert 'class="board"' in text(ana, "/")
    with tenant_scope(acme.tenant):
        board.delete()
    assert "Ainda não há quadro" in text(ana, "/")


def test_card_moves_by_form_and_by_script(ana: Client, acme: Company) -> None:
    card = writes(acme)
    move = reverse("card_move", args=[card.pk])
    assert ana.post(move, {"column": acme.columns[1].pk})["Location"] == "/"
    answer = ana.post(move, {"column": acme.columns[2].pk}, headers={"Accept": "application/json"})
    assert answer.json()["columnId"] == str(acme.columns[2].pk)
    stale = ana.post(
        move, {"column": acme.columns[0].pk, "version": card.version}, headers={"Accept": "application/json"}
    )
    assert stale.status_code == 409
    assert stale.json()["error"]["current"]["columnId"] == str(acme.columns[2].pk)
    assert ana.post(move, {"column": "nonsense"}, headers={"Accept": "application/json"}).status_code == 400


def test_fragments_are_what_the_page_shows(ana: Client, acme: Company) -> None:
    conversation = labelled(acme, "Marta")
    page = text(ana, f"/conversations/{conversation.pk}/")
    with tenant_scope(acme.tenant):
        message_id = conversation.messages.get().pk
    found = load(ana, f"/fragments/?cards={conversation.pk}&headers={conversation.pk}&messages={message_id}")[
        "fragments"
    ]
    assert [fragment["kind"] for fragment in found] == ["card", "header", "message"]
    for fragment in found:
        assert fragment["html"].strip() in page
        assert f'id="{fragment["target"]}"' in fragment["html"]
        assert f'data-version="{fragment["version"]}"' in fragment["html"]


@pytest.mark.parametrize("cards", [1, 3])
def test_fragments_ask_as_often_for_many_as_for_one(
    ana: Client, acme: Company, cards: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = ",".join(str(labelled(acme, f"Cliente {number}").pk) for number in range(cards))
    with django_assert_num_queries(5):
        assert len(load(ana, f"/fragments/?cards={ids}")["fragments"]) == cards


def test_fragments_speak_the_viewers_language(ana: Client, acme: Company) -> None:
    address = f"/fragments/?cards={writes(acme).pk}"
    acme.ana.__class__.objects.filter(pk=acme.ana.pk).update(language="en")
    assert "Move Marta" in load(ana, address)["fragments"][0]["html"]


def test_neighbours_things_are_not_found(ana: Client, acme: Company, globex: Company) -> None:
    theirs, column = writes(globex, "Vizinha"), globex.columns[0]
    for address in (
        f"/conversations/{theirs.pk}/",
        f"/boards/{column.board_id}/",
        f"/boards/{column.board_id}/counts/",
        f"/columns/{column.pk}/cards/?after=0_{theirs.pk}",
    ):
        assert ana.get(address).status_code == 404, address
    assert load(ana, f"/fragments/?cards={theirs.pk}&headers={theirs.pk}")["fragments"] == []
    assert ana.post(f"/cards/{theirs.pk}/move/", {"column": acme.columns[0].pk}).status_code == 404
    ours = writes(acme, "Nossa")
    assert ana.post(f"/cards/{ours.pk}/move/", {"column": column.pk}).status_code == 404


def test_page_names_the_newest_event_it_shows(ana: Client, acme: Company) -> None:
    writes(acme)
    assert 'data-seq="2"' in text(ana, "/")


def test_counts_are_told_to_scripts(ana: Client, acme: Company) -> None:
    writes(acme)
    board = acme.columns[0].board_id
    assert load(ana, f"/boards/{board}/counts/?view=mine")[str(acme.columns[0].pk)] == [0, 1]
