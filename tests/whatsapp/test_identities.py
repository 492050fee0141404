"""Who somebody is: the names Meta has for a customer, and what happens when it gives them others."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from conversations.models import Contact, ContactIdentity, Conversation, IdentityKind, Message
from events.models import Event
from tests.cast import Company
from tests.webhooks import body, text, value
from whatsapp.models import Delivery, DeliveryState

Deliver = Callable[[bytes], None]
OLD, NEW = "5511911112222", "5511933334444"


def system(kind: str, *, sender: str = "", wamid: str = "s1", **parts: str) -> bytes:
    """A system message; a customer who shows no phone has no `from` in it."""
    message = {"id": wamid, "timestamp": "1795000000", "type": "system", "system": {"type": kind, **parts}}
    return body(value() | {"messages": [message | ({"from": sender} if sender else {})]})


def of_user(user_id: str, words: str = "Oi", **more: Any) -> bytes:
    """A message of somebody who shows no phone."""
    message = text(words) | {"from_user_id": user_id, **more}
    del message["from"]
    return body(value() | {"messages": [message]})


def names() -> set[str]:
    return set(ContactIdentity.objects.values_list("value", flat=True))


def test_replies_follow_a_customer_to_their_new_number_and_screens_show_it(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text(sender=OLD))))
    before = Conversation.objects.get().version
    deliver(system("user_changed_number", sender=OLD, wa_id=NEW))
    conversation = Conversation.objects.get()
    assert (conversation.address, conversation.version) == (NEW, before + 1)
    told = json.loads(Event.objects.get(type="conversation:updated").data)
    assert (told["updates"]["contact"]["phoneNumber"], told["version"]) == (NEW, conversation.version)


def test_change_that_is_told_again_later_takes_nobody_back(in_acme: Company, deliver: Deliver) -> None:
    newest = "5511955556666"
    deliver(body(value(text(sender=OLD))))
    first = system("user_changed_number", sender=OLD, wa_id=NEW)
    deliver(first)
    deliver(system("user_changed_number", sender=NEW, wa_id=newest, wamid="s2"))
    deliver(first + b" ")
    assert (Contact.objects.get().phone, Conversation.objects.get().address) == (newest, newest)


def test_new_number_of_somebody_else_stays_theirs(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text(sender=OLD)), value(text(sender=NEW))))
    deliver(system("user_changed_number", sender=OLD, wa_id=NEW))
    assert set(Contact.objects.values_list("phone", flat=True)) == {OLD, NEW}
    assert set(Conversation.objects.values_list("address", flat=True)) == {OLD, NEW}


@pytest.mark.parametrize(
    "said",
    [
        {"user_id": "BR.new", "previous_user_id": "BR.old"},
        {"user_id": "BR.new", "body": "User Ana changed from BR.x to BR.y changed from BR.old to BR.new"},
        {"user_id": "BR.new", "previous_user_id": "BR.unknown", "previous_parent_user_id": "BR.ENT.old"},
    ],
)
def test_new_user_id_is_learned_from_a_message_without_sender(
    in_acme: Company, deliver: Deliver, said: dict[str, str]
) -> None:
    deliver(of_user("BR.old", from_parent_user_id="BR.ENT.old"))
    deliver(system("user_changed_user_id", **said))
    deliver(of_user("BR.new", "de novo"))
    assert names() == {"BR.old", "BR.ENT.old", "BR.new"}
    assert (Contact.objects.count(), Message.objects.count()) == (1, 2)
    assert not Delivery.objects.exclude(state=DeliveryState.DONE).exists()


def test_user_id_update_leads_to_the_same_contact(in_acme: Company, deliver: Deliver) -> None:
    deliver(of_user("BR.old"))
    update = {"wa_id": NEW, "detail": "…", "user_id": {"previous": "BR.old", "current": "BR.new"}, "timestamp": "1"}
    update["parent_user_id"] = {"previous": None, "current": "BR.ENT.new"}
    deliver(body(value() | {"user_id_update": [7, update]}, field="user_id_update"))
    assert names() == {"BR.old", "BR.new", "BR.ENT.new", NEW}
    assert (Contact.objects.get().phone, Conversation.objects.get().address) == (NEW, "BR.new")


def test_phone_that_becomes_known_later_is_shown(in_acme: Company, deliver: Deliver) -> None:
    deliver(of_user("BR.1"))
    deliver(body(value(text(sender=OLD) | {"from_user_id": "BR.1"})))
    assert Contact.objects.get().phone == OLD
    told = json.loads(Event.objects.get(type="conversation:updated").data)
    assert told["updates"]["contact"]["phoneNumber"] == OLD


def test_changes_of_strangers_and_without_names_lead_to_nothing(in_acme: Company, deliver: Deliver) -> None:
    deliver(system("user_changed_user_id", user_id="BR.new", previous_user_id="BR.old"))
    deliver(system("customer_identity_changed", wamid="s2"))
    deliver(body(value() | {"user_id_update": {"user_id": "x"}}, field="user_id_update"))
    assert names() == set()
    assert not Delivery.objects.exclude(state=DeliveryState.DONE).exists()


def test_user_id_in_the_place_of_a_phone_is_no_phone(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value() | {"messages": [text(sender="BR.1a2b")]}))
    assert Conversation.objects.get().address_kind == IdentityKind.BSUID
    assert Contact.objects.get().phone == ""


def test_echo_tells_all_names_of_its_reader(in_acme: Company, deliver: Deliver) -> None:
    echo = text(sender="5511999999999") | {"to": OLD, "to_user_id": "BR.1", "to_parent_user_id": "BR.ENT.1"}
    deliver(body(value() | {"message_echoes": [echo]}, field="smb_message_echoes"))
    assert names() == {OLD, "BR.1", "BR.ENT.1"}
