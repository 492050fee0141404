"""Tenants cannot meet: every address with a neighbour's ids, in both directions, and every id in a body or query."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

from tests.contracts.addresses import ENDPOINTS, ROWS, Row, Shows, routes
from tests.contracts.world import World, snapshot
from tests.machines import Machine

both_ways = pytest.mark.parametrize("mine", ["acme", "globex"])


def ask(row: Row, own: World, whose: World) -> Any:
    """Somebody of `own` asks for a row of `whose`."""
    return send(own, row.method, address_of(row, whose), row.data(own))


def address_of(row: Row, whose: World) -> str:
    """With the ids of somebody's rows."""
    place = row.address or re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(whose[row.ids[part[1]]]), row.route)
    ids = {name: str(each.pk) for name, each in whose.rows.items()}
    return f"/{place}{row.query.format(**ids)}"


def send(own: World, method: str, address: str, data: Any = None) -> Any:
    """Machines send JSON, browsers send forms; the admin is for administrators."""
    if address.startswith("/api/"):
        return Machine(own.admin).send(method, address, data, Tus_Resumable="1.0.0")
    client = Client()
    client.force_login(own.admin if address.startswith("/admin/") else own.agent)
    body = urlencode(data or {})
    return client.generic(method, address, body, "application/x-www-form-urlencoded" if body else "")


def content_of(answer: Any) -> str:
    raw: bytes = answer.getvalue() if answer.streaming else answer.content
    return raw.decode() + str(dict(answer.headers))


def leaks(answer: Any, neighbour: World) -> set[str]:
    """What of the neighbour's stands in an answer, apart from what was in the question."""
    content, asked = content_of(answer), answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]
    return {secret for secret in neighbour.secrets if secret in content and secret not in asked}


def test_every_address_has_a_row() -> None:
    with_slash = {f"{row.route}/" for row in ENDPOINTS}  # the same views (api/urls.py)
    assert set(routes()) == {row.route for row in ROWS} | with_slash


@both_ways
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_neighbour_is_neither_shown_nor_changed(row: Row, own: World, neighbour: World) -> None:
    before = snapshot(neighbour.company.tenant.pk)
    answer = ask(row, own, neighbour)
    assert not leaks(answer, neighbour)
    assert snapshot(neighbour.company.tenant.pk) == before
    if row.shows is Shows.A_ROW:
        assert answer.status_code == 404
        assert ask(row, own, own).status_code not in {400, 404, 500}
    elif row.shows is Shows.EVERYTHING:
        assert row.mark(own) in content_of(answer)  # there is something to leak
        assert row.mark(neighbour) not in content_of(answer)


SOMEBODY_ELSES = [
    ("POST", "/api/conversations/{conversation}/move", {"columnId": "column"}),
    ("PATCH", "/api/conversations/{conversation}", {"assigneeId": "user"}),
    ("PATCH", "/api/conversations/{conversation}", {"teamId": "team"}),
    ("POST", "/api/conversations/{conversation}/messages", {"content": "=Oi", "replyToId": "message"}),
    ("POST", "/api/conversations/{conversation}/messages", {"type": "=IMAGE", "attachmentIds": ["upload"]}),
    ("GET", "/api/conversations/{conversation}/messages?before={neighbours_message}", {}),
    ("GET", "/api/conversations/{conversation}/messages?after={neighbours_message}", {}),
    ("GET", "/api/templates?numberId={number}&cursor={neighbours_template}", {}),
    ("POST", "/cards/{conversation}/move/", {"column": "column"}),
    ("POST", "/conversations/{conversation}/messages/", {"content": "=Oi", "reply_to": "message"}),
    ("GET", "/conversations/{conversation}/messages/?before={neighbours_message}", {}),
    ("POST", "/conversations/{conversation}/assignee/", {"assignee": "user"}),
]
"""Bodies and queries: `=` before a plain value, else the neighbour's row of that name."""


def _theirs(data: dict[str, Any], neighbour: World) -> dict[str, Any]:
    def of(value: Any) -> Any:
        if isinstance(value, list):
            return [of(each) for each in value]
        return value[1:] if value.startswith("=") else str(neighbour[value])

    return {name: of(value) for name, value in data.items()}


@both_ways
@pytest.mark.parametrize(("method", "address", "data"), SOMEBODY_ELSES, ids=lambda part: str(part)[:60])
def test_a_neighbours_row_is_refused_wherever_it_is_named(
    method: str, address: str, data: dict[str, Any], own: World, neighbour: World
) -> None:
    before = snapshot(own.company.tenant.pk), snapshot(neighbour.company.tenant.pk)
    theirs = {f"neighbours_{name}": neighbour[name] for name in ("message", "template")}
    place = address.format(conversation=own["conversation"], number=own["number"], **theirs)
    answer = send(own, method, place, _theirs(data, neighbour) if data else None)
    assert answer.status_code in {400, 404}
    assert not leaks(answer, neighbour) - set(map(str, data.values()))
    assert (snapshot(own.company.tenant.pk), snapshot(neighbour.company.tenant.pk)) == before


@both_ways
@pytest.mark.parametrize("name", ["afterId", "beforeId"])
def test_a_neighbours_card_is_no_place_to_stand(name: str, own: World, neighbour: World) -> None:
    def move(beside: str) -> Any:
        data = {"columnId": str(own["column"]), name: beside}
        return send(own, "POST", f"/api/conversations/{own['conversation']}/move", data)

    assert move(str(neighbour["conversation"])).status_code == move(str(uuid4())).status_code == 200


@both_ways
@pytest.mark.parametrize(
    ("kind", "name"),
    [("cards", "conversation"), ("headers", "conversation"), ("messages", "message"), ("chats", "group")],
)
def test_fragments_are_ones_own(kind: str, name: str, own: World, neighbour: World) -> None:
    both = f"/fragments/?{kind}={neighbour[name]},{own[name]}"
    answer = send(own, "GET", both)
    assert not leaks(answer, neighbour)
    assert str(neighbour[name]) not in answer.content.decode()
    assert str(own[name]) in answer.content.decode()


@both_ways
@pytest.mark.parametrize("name", ["assignee", "team", "column", "number", "contact", "label"])
def test_filters_find_no_neighbour(name: str, own: World, neighbour: World) -> None:
    row = "user" if name == "assignee" else name
    assert send(own, "GET", "/api/conversations").json()["items"]
    assert not send(own, "GET", f"/api/conversations?{name}Id={neighbour[row]}").json()["items"]


@both_ways
def test_search_finds_no_neighbour(own: World, neighbour: World) -> None:
    for place in ("contacts", "users/search"):
        assert send(own, "GET", f"/api/{place}?q={own.word}").json()["items"]
        assert not send(own, "GET", f"/api/{place}?q={neighbour.word}").json()["items"]


@both_ways
@pytest.mark.parametrize("kind", ["accounts/user", "conversations/contact", "conversations/label", "whatsapp/number"])
def test_the_admins_search_finds_no_neighbour(kind: str, own: World, neighbour: World) -> None:
    def found(word: str) -> bool:
        return "result_list" in send(own, "GET", f"/admin/{kind}/?q={word}").content.decode()

    assert found(own.word)
    assert not found(neighbour.word)


@pytest.mark.parametrize("row", [row for row in ROWS if row.shows is not Shows.NOTHING], ids=str)
def test_a_stranger_is_shown_nothing(row: Row, worlds: dict[str, World]) -> None:
    acme = worlds["acme"]
    answer = Client().generic(row.method, address_of(row, acme), b"", "application/json")
    assert answer.status_code in {302, 401}
    assert not leaks(answer, acme)
