from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team
from conversations.models import Conversation, Label, Labelling
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.machines import Machine


@pytest.mark.parametrize("slash", ["", "/"])
def test_conversations_are_listed_with_their_one_json(
    acme: Company, conversation: Conversation, neighbours_conversation: Conversation, slash: str
) -> None:
    page = Machine(acme.ana).get(f"/api/conversations{slash}").json()
    assert [row["id"] for row in page["items"]] == [str(conversation.pk)]
    assert page["items"][0]["title"] == "Marta"
    assert page["items"][0]["unreadCount"] == 2
    assert page["items"][0]["lastMessage"]["preview"] == "Tudo bem?"
    assert page["cursor"] is None


def test_conversations_are_paged_without_hole_or_double(acme: Company, conversation: Conversation) -> None:
    with tenant_scope(acme.tenant):
        for minutes in range(4):  # two of them at the same moment
            Conversation.objects.create(
                number=acme.number, last_message_at=conversation.created_at.replace(second=minutes // 2)
            )
    machine = Machine(acme.ana)
    page = machine.get("/api/conversations?view=all&limit=2").json()
    seen = page["items"]
    while page["cursor"]:
        page = machine.get(f"/api/conversations?view=all&limit=2&cursor={page['cursor']}").json()
        assert len(page["items"]) <= 2
        seen += page["items"]
    times = [row["lastMessageAt"] for row in seen]
    assert times == sorted(times, reverse=True)
    assert len(seen) == len({row["id"] for row in seen}) == 5


def test_conversations_of_a_view(acme: Company, conversation: Conversation) -> None:
    machine = Machine(acme.ana)
    assert not machine.get("/api/conversations", {"view": "mine"}).json()["items"]
    machine.send("PATCH", f"/api/conversations/{conversation.pk}", {"assigneeId": str(acme.ana.pk)})
    assert machine.get("/api/conversations", {"view": "mine"}).json()["items"][0]["assignee"]["name"] == "Ana"
    assert not machine.get("/api/conversations", {"view": "unassigned"}).json()["items"]


def test_conversations_are_filtered(acme: Company, conversation: Conversation) -> None:
    machine, column = Machine(acme.ana), conversation.column_id
    with tenant_scope(acme.tenant):
        label = Label.objects.create(name="VIP")
        Labelling.objects.create(conversation=conversation, label=label)

    def found(**filters: object) -> int:
        return len(
            machine.get("/api/conversations", {name: str(value) for name, value in filters.items()}).json()["items"]
        )

    fitting = {
        "columnId": column,
        "labelId": label.pk,
        "numberId": acme.number.pk,
        "contactId": conversation.contact_id,
    }
    assert found(status="OPEN", **fitting) == 1
    assert found(status="PENDING", **fitting) == 0
    for name in fitting:
        assert found(**{name: uuid4()}) == 0
    assert found(assigneeId=acme.ana.pk) == found(teamId=uuid4()) == 0


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"view": "secret"}, "view"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"status": "GONE"}, "status"),
        ({"labelId": "VIP"}, "labelId"),
    ],
)
def test_wrong_parameters_are_named(acme: Company, parameters: dict[str, str], field: str) -> None:
    refused = Machine(acme.ana).get("/api/conversations", parameters)
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (
        400,
        "bad_request",
        [field],
    )


def test_query_count_of_the_list_does_not_grow(
    acme: Company, conversation: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    machine = Machine(acme.ana)
    with django_assert_num_queries(4):  # person, tenant, conversations, labels
        machine.get("/api/conversations")
    with tenant_scope(acme.tenant):
        for _ in range(2):
            Conversation.objects.create(number=acme.number, assignee=acme.ana, last_message_at=conversation.created_at)
    with django_assert_num_queries(4):
        assert len(machine.get("/api/conversations").json()["items"]) == 3


def test_conversation_is_found(acme: Company, conversation: Conversation) -> None:
    found = Machine(acme.ana).get(f"/api/conversations/{conversation.pk}").json()
    assert found["contact"] == {
        "id": str(conversation.contact_id),
        "phoneNumber": "5511888888888",
        "name": "Marta",
    }


def test_conversation_is_changed(acme: Company, conversation: Conversation) -> None:
    wanted = {"status": "RESOLVED", "priority": 2, "assigneeId": str(acme.caio.pk), "version": conversation.version}
    changed = Machine(acme.ana).send("PATCH", f"/api/conversations/{conversation.pk}", wanted).json()
    assert (changed["status"], changed["priority"], changed["assignee"]["name"]) == ("RESOLVED", 2, "Caio")
    assert changed["version"] > conversation.version


def test_conversation_is_given_to_a_team_and_taken_back(acme: Company, conversation: Conversation) -> None:
    with tenant_scope(acme.tenant):
        team = Team.objects.create(name="Vendas")
    machine, address = Machine(acme.ana), f"/api/conversations/{conversation.pk}"
    assert machine.send("PATCH", address, {"teamId": str(team.pk)}).json()["team"]["name"] == "Vendas"
    told = machine.get("/api/events", {"after": 0}).json()["events"][-1]["data"]
    assert told["updates"] == {"team": {"id": str(team.pk), "name": "Vendas", "kind": "team"}}
    assert machine.send("PATCH", address, {"teamId": None}).json()["team"] is None


def test_conversation_that_moved_on_is_a_conflict_with_the_current_one(
    acme: Company, conversation: Conversation
) -> None:
    wanted = {"status": "RESOLVED", "version": conversation.version - 1}
    refused = Machine(acme.ana).send("PATCH", f"/api/conversations/{conversation.pk}", wanted)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert refused.json()["current"]["id"] == str(conversation.pk)
    assert refused.json()["current"]["status"] == "OPEN"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"status": "GONE"}, "status"),
        ({"priority": 9}, "priority"),
        ({"version": "1"}, "version"),
        ({"assigneeId": "ana"}, "assigneeId"),
        ({"snoozedUntil": "tomorrow"}, "snoozedUntil"),
        ({"snoozedUntil": "2026-11-23T08:00:00"}, "snoozedUntil"),
        ({"snoozedUntil": "0001-01-01T00:00:00+14:00"}, "snoozedUntil"),
        ({"snoozedUntil": "9999-12-31T23:59:59-14:00"}, "snoozedUntil"),
    ],
)
def test_wrong_changes_are_named(acme: Company, conversation: Conversation, wanted: object, field: str) -> None:
    refused = Machine(acme.ana).send("PATCH", f"/api/conversations/{conversation.pk}", wanted)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, [field])


@pytest.mark.parametrize("field", ["assigneeId", "teamId"])
def test_whoever_is_not_here_is_not_found(acme: Company, conversation: Conversation, field: str) -> None:
    refused = Machine(acme.ana).send("PATCH", f"/api/conversations/{conversation.pk}", {field: str(uuid4())})
    assert (refused.status_code, list(refused.json()["fields"])) == (404, [field])


def test_a_neighbour_cannot_be_made_assignee(acme: Company, globex: Company, conversation: Conversation) -> None:
    wanted = {"assigneeId": str(globex.gil.pk)}
    assert Machine(acme.ana).send("PATCH", f"/api/conversations/{conversation.pk}", wanted).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_no_changes_change_nothing(acme: Company, conversation: Conversation, body: bytes) -> None:
    answer = Machine(acme.ana).send("PATCH", f"/api/conversations/{conversation.pk}", body)
    assert answer.json()["version"] == conversation.version


def test_conversation_is_read(acme: Company, conversation: Conversation) -> None:
    assert Machine(acme.ana).send("POST", f"/api/conversations/{conversation.pk}/read").json()["unreadCount"] == 0


def test_card_is_moved_and_takes_on_the_status(acme: Company, conversation: Conversation) -> None:
    done = acme.columns[3]
    moved = Machine(acme.ana).send("POST", f"/api/conversations/{conversation.pk}/move", {"columnId": str(done.pk)})
    assert (moved.json()["columnId"], moved.json()["status"]) == (str(done.pk), "RESOLVED")


def test_card_is_not_moved_into_a_neighbours_column(acme: Company, globex: Company, conversation: Conversation) -> None:
    wanted = {"columnId": str(globex.columns[0].pk)}
    refused = Machine(acme.ana).send("POST", f"/api/conversations/{conversation.pk}/move", wanted)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def test_unknown_conversation_is_not_found(acme: Company) -> None:
    refused = Machine(acme.ana).get(f"/api/conversations/{UUID(int=0)}")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def test_rest_and_event_log_say_the_same(acme: Company, conversation: Conversation) -> None:
    machine = Machine(acme.ana)
    began = machine.get("/api/events", {"after": 0}).json()["events"][0]
    assert began["data"]["conversation"] == machine.get(f"/api/conversations/{conversation.pk}").json()
