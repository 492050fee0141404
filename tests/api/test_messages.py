from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from conversations.models import Conversation, Message
from tenancy.scope import tenant_scope
from tests import webhooks
from tests.cast import Company
from tests.machines import Machine


@pytest.fixture
def write(acme: Company, conversation: Conversation) -> Callable[..., Any]:
    machine = Machine(acme.ana)

    def post(content: object = "Olá!", **headers: str) -> Any:
        return machine.send("POST", f"/api/conversations/{conversation.pk}/messages", {"content": content}, **headers)

    return post


def test_message_is_queued(acme: Company, conversation: Conversation, write: Callable[..., Any]) -> None:
    answer = write(Idempotency_Key="abc")
    assert answer.status_code == 201
    message = answer.json()
    assert (message["content"], message["status"], message["direction"]) == ("Olá!", "PENDING", "OUTBOUND")
    assert (message["clientId"], message["sender"]["name"]) == ("abc", "Ana")


def test_message_with_the_same_key_is_one_message(
    acme: Company, conversation: Conversation, write: Callable[..., Any]
) -> None:
    first, again = write(Idempotency_Key="abc"), write("Something else", Idempotency_Key='"abc"')
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    with tenant_scope(acme.tenant):
        assert Message.objects.filter(conversation=conversation, direction="OUTBOUND").count() == 1


def test_answer_that_was_not_seen_refuses_the_next_and_comes_along(
    acme: Company, conversation: Conversation, write: Callable[..., Any]
) -> None:
    address = f"/api/conversations/{conversation.pk}/messages"
    first = Machine(acme.caio).send("POST", address, {"content": "Já falei"}).json()
    refused = Machine(acme.ana).send("POST", address, {"content": "Eu também", "lastSeenSeq": 0})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert refused.json()["current"] == first
    assert Machine(acme.ana).send("POST", address, {"content": "Ora", "lastSeenSeq": -1}).status_code == 400
    assert write().status_code == 201


def test_messages_without_key_are_different_messages(write: Callable[..., Any]) -> None:
    assert write().json()["id"] != write().json()["id"]


@pytest.mark.parametrize(
    ("content", "status", "field"),
    [("", 400, "content"), (" \0 ", 400, "content"), (7, 400, "content"), ("x" * 5000, 413, "content")],
)
def test_wrong_words_are_refused(write: Callable[..., Any], content: object, status: int, field: str) -> None:
    refused = write(content)
    assert (refused.status_code, list(refused.json()["fields"])) == (status, [field])


def test_wrong_key_is_refused(write: Callable[..., Any]) -> None:
    assert write(Idempotency_Key="a b").json()["fields"].keys() == {"clientId"}


def test_message_outside_the_window_is_refused(
    acme: Company, conversation: Conversation, write: Callable[..., Any]
) -> None:
    with tenant_scope(acme.tenant):
        Conversation.objects.filter(pk=conversation.pk).update(window_expires_at=conversation.created_at)
    refused = write()
    assert (refused.status_code, refused.json()["code"]) == (409, "window_closed")


def test_thread_is_newest_first(acme: Company, conversation: Conversation) -> None:
    page = Machine(acme.ana).get(f"/api/conversations/{conversation.pk}/messages").json()
    assert [message["content"] for message in page["items"]] == ["Tudo bem?", "Oi"]
    assert page["more"] is False


def test_thread_is_paged_both_ways(acme: Company, conversation: Conversation, deliver: Callable[[bytes], None]) -> None:
    deliver(webhooks.body(webhooks.value(*(webhooks.text(str(number)) for number in range(5)))))
    machine, address = Machine(acme.ana), f"/api/conversations/{conversation.pk}/messages"
    newest = machine.get(address, {"limit": 3}).json()
    older = machine.get(address, {"limit": 3, "before": newest["items"][-1]["id"]}).json()
    later = machine.get(address, {"limit": 3, "after": older["items"][0]["id"]}).json()
    assert [message["content"] for message in newest["items"]] == ["4", "3", "2"]
    assert [message["content"] for message in older["items"]] == ["1", "0", "Tudo bem?"]
    assert (newest["more"], older["more"], later["more"]) == (True, True, False)
    assert later["items"] == newest["items"]


def test_thread_takes_before_or_after(acme: Company, conversation: Conversation) -> None:
    parameters = {"before": str(uuid4()), "after": str(uuid4())}
    refused = Machine(acme.ana).get(f"/api/conversations/{conversation.pk}/messages", parameters)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["after"])


def test_query_count_of_the_thread_does_not_grow(
    acme: Company,
    conversation: Conversation,
    deliver: Callable[[bytes], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    machine, address = Machine(acme.ana), f"/api/conversations/{conversation.pk}/messages"
    with django_assert_num_queries(7):  # person, tenant, conversation, labels, messages, attachments, reactions
        machine.get(address, {"limit": 1})
    deliver(webhooks.body(webhooks.value(*(webhooks.text(str(number)) for number in range(3)))))
    with django_assert_num_queries(7):
        assert len(machine.get(address).json()["items"]) == 5


def test_failed_message_is_sent_again(acme: Company, failed_message: Message) -> None:
    answer = Machine(acme.ana).send("POST", f"/api/messages/{failed_message.pk}/retry")
    assert (answer.status_code, answer.json()["status"]) == (200, "PENDING")


def test_message_that_did_not_fail_is_not_sent_again(
    acme: Company, conversation: Conversation, write: Callable[..., Any]
) -> None:
    refused = Machine(acme.ana).send("POST", f"/api/messages/{write().json()['id']}/retry")
    assert (refused.status_code, refused.json()["current"]["status"]) == (409, "PENDING")
