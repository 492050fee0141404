"""A chat is its members' own: wherever a colleague, a supervisor or an administrator looks, it is not there."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from conversations import actions
from conversations.models import Conversation, Message
from realtime.catchup import Missed, events_since
from realtime.rooms import own_rooms
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.conversations.chats import direct, group, say
from tests.customers import writes
from tests.machines import Machine

SECRET = "quetzal"
OUTSIDERS = ("bruno", "sofia")


@pytest.fixture
def chat(acme: Company) -> Conversation:
    """ana and caio talk; there is a customer as well, so that pages have something to show."""
    cache.clear()
    User.objects.filter(pk=acme.bruno.pk).update(is_staff=True)
    writes(acme, "Marta")
    with tenant_scope(acme.tenant):
        found = direct(acme)
        say(found, acme.ana, SECRET)
        say(group(acme, "ana", "caio"), acme.ana, SECRET)
    return found


@pytest.mark.parametrize("name", OUTSIDERS)
@pytest.mark.parametrize(
    "address",
    [
        "/api/conversations?view=all",
        "/api/conversations?view=chats",
        "/api/groups",
        "/api/events?after=0",
        f"/api/messages/search?q={SECRET}",
        "/api/users/contacts",
    ],
)
def test_endpoints_do_not_show_it(acme: Company, chat: Conversation, name: str, address: str) -> None:
    assert _tells(Machine(acme.people[name]).get(address), chat) == set()
    assert _tells(Machine(acme.ana).get("/api/events?after=0"), chat)


@pytest.mark.parametrize("name", OUTSIDERS)
@pytest.mark.parametrize(
    ("method", "address", "data"),
    [
        ("GET", "/api/conversations/{chat}", None),
        ("GET", "/api/conversations/{chat}/messages", None),
        ("POST", "/api/conversations/{chat}/messages", {"content": "Oi"}),
        ("POST", "/api/conversations/{chat}/read", None),
        ("PATCH", "/api/conversations/{chat}", {"priority": 1}),
        ("GET", "/api/messages/{message}/receipts", None),
        ("PATCH", "/api/messages/{message}", {"content": "Oi"}),
        ("DELETE", "/api/messages/{message}", None),
        ("PUT", "/api/messages/{message}/reaction", {"emoji": "👍"}),
        ("POST", "/api/messages/delivered", {"messageIds": ["{message}"]}),
        ("GET", "/api/messages/search?q=o&conversationId={chat}", None),
    ],
)
def test_its_ids_are_not_found(
    acme: Company, chat: Conversation, name: str, method: str, address: str, data: Any
) -> None:
    with tenant_scope(acme.tenant):
        message = Message.objects.get(conversation=chat)
    ids = {"chat": str(chat.pk), "message": str(message.pk)}
    if data and "messageIds" in data:
        data = {"messageIds": [ids["message"]]}
    assert Machine(acme.people[name]).send(method, address.format(**ids), data).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/admin/conversations/conversation/",
        "/admin/conversations/message/",
        "/admin/events/event/",
        "/fragments/?headers={chat}&messages={message}&cards={chat}",
    ],
)
def test_pages_do_not_show_it_to_an_administrator(client: Client, acme: Company, chat: Conversation, page: str) -> None:
    client.force_login(acme.bruno)
    with tenant_scope(acme.tenant):
        message = Message.objects.get(conversation=chat)
    address = page.format(chat=chat.pk, message=message.pk)
    answer = client.get(address)
    assert answer.status_code == 200
    asked = {str(chat.pk), str(message.pk)} if "?" in address else set()
    assert not _tells(answer, chat) - asked


def test_pages_of_the_admin_do_not_open_it(client: Client, acme: Company, chat: Conversation) -> None:
    client.force_login(acme.bruno)
    assert client.get(f"/admin/conversations/conversation/{chat.pk}/change/").status_code == 404


def test_who_was_removed_hears_nothing_that_followed(in_acme: Company) -> None:
    """Also what was said while they were in is not repeated to who was away and comes back as a stranger."""
    made = group(in_acme, "ana", "caio")
    say(made, in_acme.ana, "antes")
    actions.remove_member(made, by=in_acme.ana, user_id=in_acme.caio.pk)
    say(made, in_acme.ana, SECRET)
    missed = events_since(0, own_rooms(in_acme.caio, []))
    assert isinstance(missed, Missed)
    assert [event.type for event in missed.events] == ["group:left"]


def test_who_came_later_hears_what_followed_only(in_acme: Company) -> None:
    made = group(in_acme, "ana", "caio")
    say(made, in_acme.ana, "antes")
    actions.invite(made, by=in_acme.ana, people=[in_acme.sofia])
    say(made, in_acme.ana, "depois")
    missed = events_since(0, own_rooms(in_acme.sofia, []))
    assert isinstance(missed, Missed)
    kinds = ["group:joined", "message:new", "message:new", "conversation:updated"]
    assert [event.type for event in missed.events] == kinds


def _tells(answer: Any, chat: Conversation) -> set[str]:
    """What of the chat stands in an answer."""
    text = answer.content.decode()
    return {
        secret for secret in (SECRET, str(chat.pk)) if secret in text and secret not in answer.request["QUERY_STRING"]
    }
