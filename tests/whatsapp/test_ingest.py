"""From a webhook body to rows and events."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from conversations.actions.arrivals import Arrival
from conversations.models import Attachment, Contact, ContactIdentity, Conversation, Message
from conversations.statuses import ConversationStatus, MessageStatus, MessageType
from events.models import Event
from tenancy.scope import every_tenant, tenant_scope
from tests.cast import Company
from tests.numbers import spoil_secret
from tests.webhooks import body, status, text, value
from whatsapp import early, inbox, ingest, intake, tasks, translate
from whatsapp.intake import Routed
from whatsapp.models import Delivery, DeliveryState, EarlyUpdate, Number
from whatsapp.payloads import MessageItem
from whatsapp.payloads import items as read_items

Deliver = Callable[[bytes], None]


def test_text_becomes_contact_conversation_message_and_events(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text("Bom dia!", wamid="w1"), name="Marta")))
    message = Message.objects.select_related("conversation__contact").get()
    assert (message.content, message.wamid, str(message.conversation)) == ("Bom dia!", "w1", "Marta")
    assert message.conversation.column == in_acme.columns[0]
    assert message.conversation.unread_count == 1
    assert message.conversation.window_expires_at == message.said_at + timedelta(hours=24)
    assert list(Event.objects.order_by("seq").values_list("type", flat=True)) == ["conversation:new", "message:new"]
    assert Delivery.objects.get().state == DeliveryState.DONE


def test_same_message_twice_is_one(in_acme: Company, deliver: Deliver) -> None:
    first = body(value(text(wamid="w1")))
    deliver(first)
    deliver(first)
    deliver(first + b" ")  # the same message in another body
    assert Message.objects.count() == Conversation.objects.count() == 1
    assert Event.objects.count() == 2
    assert Conversation.objects.get().unread_count == 1


def test_same_message_twice_in_one_body_is_one(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text("1", wamid="w1"), text("2", wamid="w2"), text("1", wamid="w1"))))
    assert Message.objects.count() == Conversation.objects.get().unread_count == 2
    assert Event.objects.filter(type="message:new").count() == 2


def test_message_that_comes_again_after_its_conversation_was_resolved_begins_none(
    in_acme: Company, deliver: Deliver
) -> None:
    first = body(value(text(wamid="w1")))
    deliver(first)
    Conversation.objects.update(status=ConversationStatus.RESOLVED)
    deliver(first + b" ")
    assert Conversation.objects.get().status == ConversationStatus.RESOLVED


def test_message_that_comes_again_gives_nobody_their_former_name(in_acme: Company, deliver: Deliver) -> None:
    first = body(value(text("1", wamid="w1"), name="Marta"))
    deliver(first)
    deliver(body(value(text("2", wamid="w2"), name="Marta Lima")))
    before = Conversation.objects.get().version
    deliver(first + b" ")
    assert (Contact.objects.get().name, Conversation.objects.get().version) == ("Marta Lima", before)


def test_second_message_updates_the_conversation(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text("1"))))
    deliver(body(value(text("2"))))
    conversation = Conversation.objects.get()
    assert (conversation.unread_count, conversation.last_message_preview, conversation.version) == (2, "2", 2)
    assert Event.objects.order_by("seq").values_list("type", flat=True).last() == "message:new"
    assert json.loads(Event.objects.get(type="conversation:updated").data)["updates"]["unreadCount"] == 2


def test_conversation_reads_in_the_order_said(in_acme: Company, deliver: Deliver) -> None:
    now = time.time()
    deliver(body(value(text("third", at=now - 1), text("first", at=now - 9))))
    deliver(body(value(text("second", at=now - 5))))
    assert list(Message.objects.order_by("said_at", "id").values_list("content", flat=True)) == [
        "first",
        "second",
        "third",
    ]
    conversation = Conversation.objects.get()
    assert conversation.last_message_preview == "third"
    assert conversation.window_expires_at == Message.objects.latest("said_at").said_at + timedelta(hours=24)


def test_messages_of_one_second_keep_the_order_of_the_body(in_acme: Company, deliver: Deliver) -> None:
    now = time.time()
    deliver(body(value(*(text(str(place), at=now) for place in range(50)))))
    assert list(Message.objects.order_by("said_at", "id").values_list("content", flat=True)) == [
        str(place) for place in range(50)
    ]


def test_document_example_is_tolerated(acme: Company, client: Client, settings: Settings) -> None:
    """The curl of the issue: no field, no object, no contacts, an old time, no signature."""
    settings.WHATSAPP_ACCEPT_UNSIGNED = True
    message = {
        "from": "5511888888888",
        "id": "test-msg-id",
        "timestamp": "1699999999",
        "type": "text",
        "text": {"body": "Mensagem de teste Socket.io"},
    }
    metadata = {"display_phone_number": "5511999999999", "phone_number_id": "test-phone-id"}
    raw = {
        "entry": [
            {
                "id": "test-entry",
                "changes": [{"value": {"messaging_product": "whatsapp", "metadata": metadata, "messages": [message]}}],
            }
        ]
    }
    for _ in range(2):
        assert client.post("/webhooks/whatsapp", json.dumps(raw), content_type="application/json").status_code == 200
        ingest.drain()
    with tenant_scope(acme.tenant):
        stored = Message.objects.get()
        assert (stored.content, stored.said_at) == (
            "Mensagem de teste Socket.io",
            datetime.fromtimestamp(1699999999, UTC),
        )
        assert Conversation.objects.get().window_is_open(timezone.now())  # no delivery is that old: a wrong clock


def test_resolved_conversation_stays_and_a_new_one_begins(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text("1"))))
    Conversation.objects.update(status=ConversationStatus.RESOLVED)
    deliver(body(value(text("2"))))
    assert Conversation.objects.count() == 2
    assert Contact.objects.count() == 1


def test_ninth_digit_finds_the_contact_and_keeps_both_addresses(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text(sender="551188887777"))))
    deliver(body(value(text(sender="5511988887777"))))
    assert Contact.objects.get().phone == "5511988887777"
    assert set(ContactIdentity.objects.values_list("value", flat=True)) == {"551188887777", "5511988887777"}
    assert Conversation.objects.get().address == "5511988887777"


def test_person_without_phone_is_known_by_user_id(in_acme: Company, deliver: Deliver) -> None:
    message = text(sender="") | {"from_user_id": "BR.1a2b"}
    del message["from"]
    deliver(body(value() | {"messages": [message], "contacts": [{"user_id": "BR.1a2b", "profile": {"name": "Ana T"}}]}))
    conversation = Conversation.objects.get()
    assert (str(conversation), conversation.address, conversation.address_kind) == ("Ana T", "BR.1a2b", "BSUID")


def test_user_id_and_phone_of_one_person_meet_in_one_contact(in_acme: Company, deliver: Deliver) -> None:
    both = text(sender="5511911112222") | {"from_user_id": "BR.x"}
    deliver(body(value(both, text(sender="5511911112222"))))
    deliver(body(value() | {"messages": [text(sender="") | {"from_user_id": "BR.x"}]}))
    assert Contact.objects.count() == 1
    assert Message.objects.count() == 3


def test_changed_number_leads_to_the_same_contact(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text(sender="5511911112222"))))
    system = {"type": "user_changed_number", "wa_id": "5511933334444", "body": "changed"}
    deliver(
        body(
            value()
            | {
                "messages": [
                    {"from": "5511911112222", "id": "s1", "timestamp": "1", "type": "system", "system": system}
                ]
            }
        )
    )
    deliver(body(value(text("de novo", sender="5511933334444"))))
    assert Contact.objects.get().phone == "5511933334444"
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "part", "expected", "content"),
    [
        ("image", {"id": "m", "mime_type": "image/jpeg", "caption": "foto"}, MessageType.IMAGE, "foto"),
        ("audio", {"id": "m", "voice": True}, MessageType.VOICE, ""),
        ("audio", {"id": "m"}, MessageType.AUDIO, ""),
        ("document", {"id": "m", "filename": "a.pdf"}, MessageType.DOCUMENT, ""),
        ("sticker", {"id": "m"}, MessageType.STICKER, ""),
        ("location", {"latitude": "-23.5", "longitude": -46.6, "name": "Loja"}, MessageType.LOCATION, "Loja"),
        ("contacts", [{"name": {"formatted_name": "Beto"}}, {"phones": []}], MessageType.CONTACTS, "Beto"),
        (
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "y", "title": "Sim"}},
            MessageType.INTERACTIVE,
            "Sim",
        ),
        (
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "r", "title": "Plano A"}},
            MessageType.INTERACTIVE,
            "Plano A",
        ),
        ("button", {"text": "Parar", "payload": "STOP"}, MessageType.BUTTON, "Parar"),
        ("order", {"catalog_id": "c", "text": "obs"}, MessageType.ORDER, "obs"),
        ("poll_creation", {"name": "?"}, MessageType.UNSUPPORTED, ""),
        ("text", {"body": 7}, MessageType.UNSUPPORTED, ""),
        ("text", "not an object", MessageType.UNSUPPORTED, ""),
        ("interactive", None, MessageType.UNSUPPORTED, ""),
        ("location", {"latitude": "north"}, MessageType.UNSUPPORTED, ""),
    ],
)
def test_every_type_is_stored_or_shown_as_unsupported(
    in_acme: Company, deliver: Deliver, kind: str, part: object, expected: MessageType, content: str
) -> None:
    deliver(body(value({"from": "5511888888888", "id": "w", "timestamp": "1795000000", "type": kind, kind: part})))
    message = Message.objects.get()
    assert (message.type, message.content) == (expected, content)
    if expected == MessageType.UNSUPPORTED:
        assert message.metadata["raw"]["id"] == "w"


def test_media_waits_to_be_fetched_and_missing_media_says_why(in_acme: Company, deliver: Deliver) -> None:
    lost = {
        "from": "5511888888888",
        "id": "w2",
        "timestamp": "1",
        "type": "video",
        "video": {},
        "errors": [{"code": 131052, "title": "too big"}],
    }
    deliver(
        body(
            value(
                {
                    "from": "5511888888888",
                    "id": "w1",
                    "timestamp": "1",
                    "type": "image",
                    "image": {"id": "m1", "sha256": "x"},
                },
                lost,
            )
        )
    )
    assert dict(Attachment.objects.values_list("message__wamid", "state")) == {"w1": "PENDING", "w2": "FAILED"}
    assert Attachment.objects.get(state="FAILED").error == "too big"


def test_media_with_an_odd_checksum_is_stored(in_acme: Company, deliver: Deliver) -> None:
    image = {"id": "m1", "sha256": "x" * 500, "mime_type": "image/" + "x" * 500}
    deliver(body(value({"from": "5511888888888", "id": "w1", "timestamp": "1", "type": "image", "image": image})))
    assert Attachment.objects.get().media_id == "m1"


def test_who_opens_a_chat_says_nothing(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value({"type": "request_welcome", "from": "5511888888888"})))
    assert Delivery.objects.get().state == DeliveryState.DONE
    assert Contact.objects.count() == 0


def test_trouble_of_a_number_is_logged(in_acme: Company, deliver: Deliver, caplog: pytest.LogCaptureFixture) -> None:
    trouble = {"code": 130429, "title": "Rate limit hit", "error_data": {"details": "Too many."}}
    deliver(body(value(errors=[trouble])))
    assert "WhatsApp reports of account test-entry: 130429 Too many." in caplog.text


def test_late_message_from_a_former_address_takes_no_replies_there(in_acme: Company, deliver: Deliver) -> None:
    now = time.time()
    deliver(body(value(text(sender="5511988887777", at=now - 5))))
    deliver(body(value(text(sender="551188887777", at=now - 9))))
    assert Conversation.objects.get().address == "5511988887777"
    deliver(body(value(text(sender="551188887777", at=now - 1))))
    assert Conversation.objects.get().address == "551188887777"


def test_updates_that_wait_for_long_are_left_alone(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(statuses=(status("somebody-elses", "sent"),))))
    assert early.tenants_overdue() == [in_acme.tenant.pk]
    EarlyUpdate.objects.update(received_at=timezone.now() - timedelta(hours=1))
    assert early.tenants_overdue() == []


def test_reply_is_linked_whichever_comes_first(in_acme: Company, deliver: Deliver) -> None:
    reply = text("resposta", wamid="w2") | {"context": {"id": "w1", "from": "5511999999999"}}
    deliver(body(value(reply)))
    deliver(body(value(text("pergunta", wamid="w1"), text("outra", wamid="w3") | {"context": {"id": "w1"}})))
    assert set(Message.objects.filter(reply_to__wamid="w1").values_list("wamid", flat=True)) == {"w2", "w3"}
    told = json.loads(Event.objects.get(type="message:updated").data)["message"]  # screens show w2 already
    assert (told["whatsappMessageId"], told["replyTo"]["preview"], told["version"]) == ("w2", "pergunta", 2)


def test_reactions_are_set_replaced_and_removed_in_the_order_made(in_acme: Company, deliver: Deliver) -> None:
    def reaction(emoji: str | None, at: int) -> dict[str, Any]:
        part = {"message_id": "w1"} | ({"emoji": emoji} if emoji is not None else {})
        return {"from": "5511888888888", "id": f"r{at}", "timestamp": str(at), "type": "reaction", "reaction": part}

    def shown() -> list[str]:
        return [each.emoji for each in Message.objects.get(wamid="w1").reactions.exclude(emoji="")]

    deliver(body(value(reaction("👍", 1795000005))))  # before its message
    deliver(body(value(text(wamid="w1", at=1795000000))))
    assert shown() == ["👍"]
    deliver(body(value(reaction("❤️", 1795000009))))
    deliver(body(value(reaction("😡", 1795000007))))  # older, late
    assert shown() == ["❤️"]
    deliver(body(value(reaction(None, 1795000011))))
    assert shown() == []
    assert Message.objects.count() == Conversation.objects.count() == 1


@pytest.mark.parametrize("comes_early", [False, True])
def test_reaction_made_on_the_business_phone_is_ours(in_acme: Company, deliver: Deliver, comes_early: bool) -> None:
    part = {"message_id": "w1", "emoji": "👍"}
    reaction = echo("r1") | {"timestamp": "1795000005", "type": "reaction", "reaction": part}
    bodies = [
        body(value(text(wamid="w1", at=1795000000))),
        body(value() | {"message_echoes": [reaction]}, field="smb_message_echoes"),
    ]
    for raw in reversed(bodies) if comes_early else bodies:
        deliver(raw)
    assert [(each.emoji, each.contact) for each in Message.objects.get().reactions.all()] == [("👍", None)]


def test_reaction_to_the_unknown_creates_nothing(in_acme: Company, deliver: Deliver) -> None:
    reaction = {
        "from": "5511888888888",
        "id": "r",
        "timestamp": "1",
        "type": "reaction",
        "reaction": {"message_id": "w", "emoji": "x"},
    }
    deliver(body(value(reaction)))
    assert Contact.objects.count() == Conversation.objects.count() == Message.objects.count() == 0
    assert EarlyUpdate.objects.count() == 1


def test_revoke_on_the_business_phone_needs_no_reader(in_acme: Company, deliver: Deliver) -> None:
    revoke = {"type": "revoke", "revoke": {"original_message_id": "e1"}}
    for said in (echo("e1"), echo("v1") | {"to": ""} | revoke):
        deliver(body(value() | {"message_echoes": [said]}, field="smb_message_echoes"))
    assert Message.objects.get().deleted_at
    assert not Delivery.objects.exclude(state=DeliveryState.DONE).exists()


def test_edit_and_revoke(in_acme: Company, deliver: Deliver) -> None:
    now = int(time.time()) - 60
    edit = {"original_message_id": "w1", "message": {"type": "text", "text": {"body": "novo"}}}
    deliver(body(value(text("velho", wamid="w1", at=now))))
    deliver(body(value({"from": "5511888888888", "id": "e1", "timestamp": str(now + 5), "type": "edit", "edit": edit})))
    message = Message.objects.get()
    assert (message.content, message.metadata["history"][0]["content"]) == ("novo", "velho")
    assert Conversation.objects.get().last_message_preview == "novo"
    revoke = {"original_message_id": "w1"}
    deliver(
        body(
            value({"from": "5511888888888", "id": "v1", "timestamp": str(now + 9), "type": "revoke", "revoke": revoke})
        )
    )
    assert Message.objects.get().deleted_at
    assert Conversation.objects.get().last_message_preview == ""


def test_echo_of_the_phone_app_is_ours_and_opens_no_window(in_acme: Company, deliver: Deliver) -> None:
    echo = {
        "from": "5511999999999",
        "to": "5511888888888",
        "id": "e1",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": "do celular"},
    }
    deliver(body(value() | {"message_echoes": [echo]}, field="smb_message_echoes"))
    message = Message.objects.select_related("conversation").get()
    assert (message.direction, message.status, message.contact) == ("OUTBOUND", "SENT", None)
    assert message.conversation.window_expires_at is None
    assert message.conversation.address == "5511888888888"


def test_two_tenants_in_one_body_get_their_own(acme: Company, globex: Company, deliver: Deliver) -> None:
    ours, theirs = value(text("nosso")), value(text("deles"), number="test-phone-id-2")
    raw = {
        "entry": [
            {"id": waba, "changes": [{"field": "messages", "value": each}]}
            for waba, each in (("test-entry", ours), ("test-entry-2", theirs))
        ]
    }
    deliver(json.dumps(raw).encode())
    for company, content in ((acme, "nosso"), (globex, "deles")):
        with tenant_scope(company.tenant):
            assert Message.objects.get().content == content
    assert set(Delivery.objects.get().tenant_ids) == {acme.tenant.pk, globex.tenant.pk}


def test_number_of_another_account_is_refused_and_kept(acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text()), waba="test-entry-2"))
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.REJECTED
    assert "does not belong" in delivery.problems[0]["reason"]
    with every_tenant():
        assert Message.objects.count() == 0


def test_unknown_number_waits_for_a_replay(acme: Company, deliver: Deliver) -> None:
    deliver(body(value(text("cedo demais"), number="new"), waba="new-waba"))
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.REJECTED
    with tenant_scope(acme.tenant):
        Number.objects.create(phone_number_id="new", waba_id="new-waba", display_number="1")
    inbox.replay(delivery)
    ingest.drain()
    with tenant_scope(acme.tenant):
        assert Message.objects.get().content == "cedo demais"
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DONE


def test_one_good_item_between_two_bad_ones_is_stored(in_acme: Company, deliver: Deliver) -> None:
    raw = value(text("bom", wamid="good"))
    raw["messages"] = [{"type": "text"}, *raw["messages"], {"id": "x" * 600, "from": "1", "type": "text"}]
    deliver(body(raw))
    assert Message.objects.get().wamid == "good"
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.PARTIAL
    assert [problem["at"] for problem in delivery.problems] == [
        "entry[0].changes[0].value.messages[0]",
        "entry[0].changes[0].value.messages[2]",
    ]


def test_problems_beyond_the_first_hundred_are_counted(in_acme: Company, deliver: Deliver) -> None:
    raw = value(text(wamid="good"))
    raw["messages"] = [{"type": "text"}] * 150 + raw["messages"]
    deliver(body(raw))
    assert Message.objects.get().wamid == "good"
    problems = Delivery.objects.get().problems
    assert (len(problems), problems[-1]["reason"]) == (101, "and 50 more")


def stumble() -> None:
    raise ZeroDivisionError


def ask_too_much() -> None:
    """What PostgreSQL calls "program limit exceeded": an OperationalError, as when it is not there at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_fill(1, ARRAY[1000000000])")


@pytest.mark.parametrize("trouble", [stumble, ask_too_much])
def test_item_that_cannot_be_stored_keeps_back_only_itself(
    in_acme: Company, deliver: Deliver, monkeypatch: pytest.MonkeyPatch, trouble: Callable[[], None]
) -> None:
    """Whatever goes wrong with one item: the others of its tenant are stored, and Replay gives it another chance."""
    real = translate.arrival

    def arrival(item: MessageItem, number_id: UUID, received_at: datetime) -> Arrival:
        if item.message.id == "bad":
            trouble()
        return real(item, number_id, received_at)

    monkeypatch.setattr(translate, "arrival", arrival)
    deliver(body(value(text(wamid="1"), text(wamid="bad"), text(wamid="2"))))
    assert set(Message.objects.values_list("wamid", flat=True)) == {"1", "2"}
    assert Delivery.objects.get().state == DeliveryState.FAILED
    monkeypatch.undo()
    inbox.replay(Delivery.objects.get())
    Context().run(ingest.drain)
    assert Message.objects.count() == 3
    assert Delivery.objects.get().state == DeliveryState.DONE


def test_delivery_that_nobody_has_foreseen_keeps_back_only_itself(
    in_acme: Company, post_webhook: Callable[[bytes], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def items(decoded: object) -> Iterator[object]:
        if "strange" in str(decoded):
            raise RecursionError
        yield from read_items(decoded)

    monkeypatch.setattr(ingest, "items", items)
    for words in ("one", "strange", "two"):
        assert post_webhook(body(value(text(words)))) == 200
    Context().run(ingest.drain)
    assert set(Message.objects.values_list("content", flat=True)) == {"one", "two"}
    [kept] = Delivery.objects.filter(state=DeliveryState.FAILED)
    assert kept.problems == [{"at": "", "reason": "RecursionError: "}]


def test_huge_name_and_odd_times_are_stored(in_acme: Company, deliver: Deliver) -> None:
    future = int(time.time()) + 10**6
    deliver(
        body(
            value(text("a", at=future), name="N" * 1_000_000),
            value(text("b") | {"timestamp": str(int(time.time()) * 1000)}),
        )
    )
    assert len(Contact.objects.get().name) <= 120
    for message in Message.objects.all():
        assert abs(message.said_at - message.received_at) < timedelta(seconds=5)


def test_statuses_only_go_forward_and_keep_all_facts(in_acme: Company, deliver: Deliver) -> None:
    message = outbound(in_acme, wamid="out")
    for word, expected in (("read", "READ"), ("sent", "READ"), ("delivered", "READ"), ("failed", "READ")):
        deliver(body(value(statuses=(status("out", word, errors=[{"code": 131026}] if word == "failed" else []),))))
        message.refresh_from_db()
        assert message.status == expected
    assert None not in {message.sent_at, message.delivered_at, message.read_at, message.failed_at}


def test_failed_stands_against_sent_but_not_against_delivered(in_acme: Company, deliver: Deliver) -> None:
    message = outbound(in_acme, wamid="out")
    for word, expected in (("failed", "FAILED"), ("sent", "FAILED"), ("delivered", "DELIVERED")):
        deliver(body(value(statuses=(status("out", word),))))
        message.refresh_from_db()
        assert message.status == expected


def test_status_before_its_message_waits_for_it(in_acme: Company, deliver: Deliver) -> None:
    deliver(body(value(statuses=(status("out", "delivered"), status("out", "read")))))
    assert EarlyUpdate.objects.count() == 2
    deliver(body(value() | {"message_echoes": [echo("out")]}, field="smb_message_echoes"))
    assert Message.objects.get().status == MessageStatus.READ
    assert EarlyUpdate.objects.count() == 0


def echo(wamid: str) -> dict[str, object]:
    """Somebody answered on the business's own phone."""
    said = {"timestamp": "1795000000", "type": "text", "text": {"body": "oi"}}
    return {"from": "5511999999999", "to": "5511888888888", "id": wamid, **said}


def test_status_before_its_message_finds_it_where_items_are_taken_one_by_one(
    in_acme: Company, post_webhook: Callable[[bytes], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = list[int]()

    def store(parts: Sequence[Routed]) -> None:
        calls.append(len(parts))
        if len(parts) > 1:
            stumble()
        intake.store(parts)

    monkeypatch.setattr(ingest, "store", store)
    post_webhook(body(value(statuses=(status("out", "delivered"),))))
    post_webhook(body(value() | {"message_echoes": [echo("out")]}, field="smb_message_echoes"))
    Context().run(ingest.drain)
    assert calls == [2, 1, 1]
    assert (Message.objects.get().status, EarlyUpdate.objects.count()) == (MessageStatus.DELIVERED, 0)


def test_status_with_our_id_settles_a_lost_answer(in_acme: Company, deliver: Deliver) -> None:
    message = outbound(in_acme, wamid=None, status=MessageStatus.FAILED, error_code="lost_answer")
    deliver(body(value(statuses=(status("new-wamid", "sent", biz_opaque_callback_data=f"recado:{message.pk}"),))))
    message.refresh_from_db()
    assert (message.status, message.wamid) == (MessageStatus.SENT, "new-wamid")


def test_number_whose_secret_cannot_be_read_keeps_back_only_its_own_deliveries(
    acme: Company, globex: Company, post_webhook: Callable[[bytes], int]
) -> None:
    assert post_webhook(body(value(text("nosso")))) == 200
    assert post_webhook(body(value(text("deles"), number="test-phone-id-2"), waba="test-entry-2")) == 200
    spoil_secret(acme)
    Context().run(ingest.drain)
    with tenant_scope(globex.tenant):
        assert Message.objects.get().content == "deles"
    kept = Delivery.objects.get(state=DeliveryState.REJECTED)
    with every_tenant():
        Number.objects.filter(pk=acme.number.pk).update(app_secret="")
    inbox.replay(kept)
    Context().run(ingest.drain)
    with tenant_scope(acme.tenant):
        assert Message.objects.get().content == "nosso"


def test_status_of_a_neighbours_message_changes_nothing(acme: Company, globex: Company, deliver: Deliver) -> None:
    with tenant_scope(globex.tenant):
        theirs = outbound(globex, wamid="out")
    deliver(body(value(statuses=(status("out", "read", biz_opaque_callback_data=f"recado:{theirs.pk}"),))))
    with tenant_scope(globex.tenant):
        assert Message.objects.get().status == MessageStatus.SENDING


def outbound(company: Company, *, wamid: str | None, status: str = MessageStatus.SENDING, **more: object) -> Message:
    """A message of ours that WhatsApp has taken."""
    contact = Contact.objects.create(name="Marta")
    conversation = Conversation.objects.create(contact=contact, number=company.number)
    now = timezone.now()
    return Message.objects.create(
        conversation=conversation,
        number=company.number,
        direction="OUTBOUND",
        status=status,
        wamid=wamid,
        said_at=now,
        received_at=now,
        **more,
    )


def test_batch_takes_a_fixed_number_of_statements(in_acme: Company, post_webhook: Callable[[bytes], int]) -> None:
    counts = set()
    for size, start in ((1, 0), (3, 100), (60, 1000)):
        post_webhook(body(value(*(text(sender=f"55119{start + place:08d}") for place in range(size)))))
        with CaptureQueriesContext(connection) as captured:
            Context().run(ingest.drain)
        counts.add(len(captured))
    assert len(counts) == 1
    assert Message.objects.count() == 64


def test_delivery_waits_while_the_database_is_in_trouble(
    in_acme: Company, post_webhook: Callable[[bytes], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is no fault of its own: nothing is settled, and it is taken in when the trouble is over."""

    def give_up(*_arrival: Any) -> Arrival:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1")
            cursor.execute("SELECT pg_sleep(10)")
        raise AssertionError

    assert post_webhook(body(value(text(wamid="1")))) == 200
    monkeypatch.setattr(translate, "arrival", give_up)
    with pytest.raises(OperationalError):
        Context().run(ingest.drain)
    assert Delivery.objects.get().state == DeliveryState.PENDING
    monkeypatch.undo()
    Context().run(ingest.drain)
    assert (Delivery.objects.get().state, Message.objects.get().wamid) == (DeliveryState.DONE, "1")


def test_delivery_that_no_ingester_fetched_is_taken_in_by_a_worker(
    in_acme: Company, post_webhook: Callable[[bytes], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(current_app.conf, "task_always_eager", True)
    assert post_webhook(body(value(text(wamid="1")))) == 200
    Context().run(tasks.ring_again)
    assert Delivery.objects.get().state == DeliveryState.PENDING  # the ingester may be on its way
    Delivery.objects.update(received_at=timezone.now() - 2 * tasks.OVERDUE)
    Context().run(tasks.ring_again)
    assert (Delivery.objects.get().state, Message.objects.get().wamid) == (DeliveryState.DONE, "1")
