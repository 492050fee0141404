"""The team's chats as a browser gets them: the list, one of them, badges, what is found."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations import actions
from conversations.models import Conversation
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.conversations.chats import direct, group, say

JSON = {"Accept": "application/json"}
PANEL = {"X-Recado-Fragment": "panel"}


@pytest.fixture
def ana(client: Client, acme: Company) -> Client:
    client.force_login(acme.ana)
    return client


def page(browser: Client, address: str, fragment: str = "") -> str:
    headers = {"X-Recado-Fragment": fragment} if fragment else {}
    return browser.get(address, headers=headers).content.decode()


def a_group(acme: Company, *names: str) -> Conversation:
    with tenant_scope(acme.tenant):
        return group(acme, *names)


def test_only_members_open_a_chat(client: Client, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        between_two = direct(acme)
        said = say(between_two, acme.caio, "segredo")
    for name, status in {"ana": 200, "caio": 200, "bruno": 404}.items():
        client.force_login(acme.people[name])
        for address in (
            f"/team/{between_two.pk}/",
            f"/team/{between_two.pk}/details/",
            f"/messages/{said.pk}/receipts/",
        ):
            assert client.get(address).status_code == status, (name, address)
        assert ("segredo" in page(client, "/team/")) == (status == 200)
        assert ("segredo" in page(client, "/team/search/?q=segred")) == (status == 200)


def test_direct_is_called_by_the_other_ones_name(ana: Client, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        chat = direct(acme)
    assert f'data-title="{acme.caio.name}"' in page(ana, f"/team/{chat.pk}/", "panel")


def test_badges_count_what_is_unread_until_it_is_read(ana: Client, acme: Company) -> None:
    chat = a_group(acme)
    with tenant_scope(acme.tenant):
        say(chat, acme.caio, "um")
        newest = say(chat, acme.caio, "dois @Ana", mention_ids=(acme.ana.pk,))
    expected = {"unread": 2, "mentions": 1, "chats": {str(chat.pk): [2, 1]}, "arrived": [str(newest.pk)]}
    assert ana.get("/team/unread/").json() == expected
    ana.post(f"/api/conversations/{chat.pk}/read", {}, "application/json")
    assert ana.get("/team/unread/").json() == {"unread": 0, "mentions": 0, "chats": {}, "arrived": []}


def test_reading_stopped_is_marked_before_the_first_unread(ana: Client, acme: Company) -> None:
    chat = a_group(acme)
    with tenant_scope(acme.tenant):
        say(chat, acme.ana, "minha")
        say(chat, acme.caio, "nova")
    piece = page(ana, f"/team/{chat.pk}/", "panel")
    assert piece.index("minha<") < piece.index("data-unread-line") < piece.index("nova<")


def test_details_offer_what_the_role_allows(client: Client, acme: Company) -> None:
    chat = a_group(acme, "ana", "caio", "sofia")
    client.force_login(acme.ana)
    as_administrator = page(client, f"/team/{chat.pk}/details/")
    client.force_login(acme.caio)
    as_member = page(client, f"/team/{chat.pk}/details/")
    for offer in ("data-rename", "data-people-search", "data-role-of", "data-remove-member"):
        assert offer in as_administrator
        assert offer not in as_member
    assert "data-leave" in as_member


def test_search_finds_people_groups_and_words(ana: Client, acme: Company) -> None:
    mine = a_group(acme)
    with tenant_scope(acme.tenant):
        say(mine, acme.caio, "A proposta seguiu.")
        open_group = actions.create_group(by=acme.bruno, title="Propostas", is_open=True)
        actions.create_group(by=acme.bruno, title="Propostas secretas")
    found = page(ana, "/team/search/?q=propost")
    assert f'data-join="{open_group.pk}"' in found
    assert "secretas" not in found
    assert "A proposta seguiu." in found
    assert f'data-direct="{acme.sofia.pk}"' in page(ana, "/team/search/?q=sof")
    assert f'data-direct="{acme.ana.pk}"' not in page(ana, "/team/search/")


def test_fragments_of_chats_are_for_their_members(client: Client, acme: Company) -> None:
    chat = a_group(acme, "ana", "caio")
    for name, kinds in {"ana": ["chat", "header"], "bruno": []}.items():
        client.force_login(acme.people[name])
        fragments = client.get(f"/fragments/?chats={chat.pk}", headers=JSON).json()["fragments"]
        assert [each["kind"] for each in fragments] == kinds


def test_receipts_say_who_has_read(ana: Client, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        chat = group(acme)
        said = say(chat, acme.ana, "Oi")
        actions.read_conversation(chat, by=acme.caio)
    shown = page(ana, f"/messages/{said.pk}/receipts/")
    assert shown.index("Caio") < shown.index("Sofia")


@pytest.mark.parametrize("address", ["/team/", "/team/unread/"])
def test_lists_cost_the_same_with_one_chat_and_three(address: str, ana: Client, acme: Company) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            ana.get(address)
        return len(queries)

    with tenant_scope(acme.tenant):
        say(direct(acme), acme.caio)
    cost()
    with_one = cost()
    with tenant_scope(acme.tenant):
        say(direct(acme, "ana", "sofia"), acme.sofia)
        say(group(acme), acme.caio)
    assert cost() == with_one
