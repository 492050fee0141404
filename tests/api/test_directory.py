from collections.abc import Callable

import pytest

from conversations.models import Contact, Conversation
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.machines import Machine

Search = Callable[..., list[str]]


@pytest.fixture
def contacts(acme: Company, neighbours_conversation: Conversation) -> Search:
    with tenant_scope(acme.tenant):
        for name, phone in (("Marta", "5511911111111"), ("Otto", "5521922222222"), ("Íris", "5511933333333")):
            Contact.objects.create(name=name, phone=phone)
    machine = Machine(acme.ana)
    return lambda **asked: [row["name"] for row in machine.get("/api/contacts", asked).json()["items"]]


def test_contacts_are_listed_newest_first(contacts: Search) -> None:
    assert contacts() == ["Íris", "Otto", "Marta"]


@pytest.mark.parametrize(
    ("q", "found"),
    [("art", ["Marta"]), ("ÍRIS", ["Íris"]), ("5521", ["Otto"]), ("+55 (11)", ["Íris", "Marta"]), ("nobody", [])],
)
def test_contacts_are_searched_by_name_and_phone(contacts: Search, q: str, found: list[str]) -> None:
    assert contacts(q=q) == found


def test_contacts_are_paged(acme: Company, contacts: Search) -> None:
    machine = Machine(acme.ana)
    first = machine.get("/api/contacts", {"limit": 2}).json()
    second = machine.get("/api/contacts", {"limit": 2, "cursor": first["cursor"]}).json()
    assert [row["name"] for row in first["items"] + second["items"]] == ["Íris", "Otto", "Marta"]
    assert second["cursor"] is None


def test_nul_cannot_be_searched(acme: Company) -> None:
    assert Machine(acme.ana).get("/api/contacts?q=%00").status_code == 400


def test_users_are_searched_among_colleagues(acme: Company, globex: Company) -> None:
    machine = Machine(acme.ana)
    names = [row["name"] for row in machine.get("/api/users/search").json()["items"]]
    assert names == ["Ana", "Bruno", "Caio", "Sofia"]
    assert machine.get("/api/users/search", {"q": "SOFIA@"}).json()["items"][0]["role"] == "SUPERVISOR"
    assert machine.get("/api/users/search", {"q": "gil"}).json() == {"items": []}


def test_boards_and_their_columns(acme: Company, globex: Company) -> None:
    machine = Machine(acme.ana)
    (board,) = machine.get("/api/boards").json()["items"]
    columns = machine.get(f"/api/boards/{board['id']}/columns").json()["items"]
    assert board["name"] == "Atendimento"
    assert [column["id"] for column in columns] == [str(column.pk) for column in acme.columns]
    assert columns[3] | {"id": "", "boardId": ""} == {
        "id": "",
        "boardId": "",
        "name": "Concluídas",
        "setsStatus": "RESOLVED",
        "wipLimit": None,
        "hue": 240,
    }
