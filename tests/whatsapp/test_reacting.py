"""The business's emoji on what a customer wrote, against the simulator's Graph API: every way in which it can end."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from conversations import queries
from conversations.actions import delete_message, react, react_as, receive, send_message
from conversations.actions.arrivals import Arrival, Identity, Person
from conversations.actions.reacting import record_reacted, start_reacting
from conversations.errors import Conflict, UnsupportedByChannel, WindowClosed
from conversations.models import Conversation, IdentityKind, Message, Reaction
from conversations.serializers import message_object
from conversations.statuses import MessageType
from events.models import Event
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.meta import Meta
from tests.waiting import eventually
from tests.webhooks import body, status, value
from tests.whatsapp.conftest import PHONE
from whatsapp import reacting, tasks


def arrives(company: Company, wamid: str, phone: str = PHONE) -> Message:
    """What the customer has said is here."""
    who, now = Identity(IdentityKind.WA_ID, phone), timezone.now()
    person = Person((who,), who, "Marta")
    (message,) = receive([Arrival(company.number.pk, wamid, person, MessageType.TEXT, now, now, content="Oi!")])
    return message


@pytest.fixture
def said(meta: Meta, in_acme: Company) -> Message:
    """The customer wrote: it is on their phone and here."""
    return arrives(in_acme, meta.say(PHONE, "Oi!"))


def shown(message: Message) -> list[tuple[str, str, str]]:
    """What everybody sees: emoji, whose, how far it has come."""
    reactions = message_object(queries.messages().get(pk=message.pk)).reactions
    return [(each.emoji, each.sender.name, each.status) for each in reactions]


def on_the_phone(meta: Meta, message: Message) -> str | None:
    """The business's emoji as the customer sees it."""
    (found,) = [each for each in meta.messages(PHONE) if each["id"] == message.wamid]
    emoji: str | None = found["reactions"]["business"]
    return emoji


def told() -> list[str]:
    """What the notifications of refusals say."""
    found = Event.objects.filter(type="notification:new", data__contains="REACTION_REFUSED").order_by("seq")
    return [f"{event.audience[0]} {event.data}" for event in found]


def test_reaction_waits_until_whatsapp_has_it(meta: Meta, in_acme: Company, said: Message) -> None:
    react_as(said, by=in_acme.ana, emoji="👍")
    assert shown(said) == [("👍", "Ana", "PENDING")]
    assert reacting.send_waiting(said.pk) is None
    assert shown(said) == [("👍", "Ana", "SENT")]
    assert on_the_phone(meta, said) == "👍"
    assert Event.objects.filter(type="message:reaction").count() == 2


def test_business_has_one_reaction_whoever_is_last(meta: Meta, in_acme: Company, said: Message) -> None:
    for who, emoji in ((in_acme.ana, "👍"), (in_acme.caio, "❤️")):
        react_as(said, by=who, emoji=emoji)
        reacting.send_waiting(said.pk)
    assert shown(said) == [("❤️", "Caio", "SENT")]
    assert on_the_phone(meta, said) == "❤️"
    react_as(said, by=in_acme.ana, emoji=None)
    assert shown(said) == [("❤️", "Ana", "PENDING")]
    reacting.send_waiting(said.pk)
    assert (shown(said), on_the_phone(meta, said)) == ([], None)


def test_same_emoji_again_is_not_told_again(meta: Meta, in_acme: Company, said: Message) -> None:
    react_as(said, by=in_acme.ana, emoji="👍")
    reacting.send_waiting(said.pk)
    react_as(said, by=in_acme.caio, emoji="👍")
    react_as(said, by=in_acme.caio, emoji="👍 ")
    assert shown(said) == [("👍", "Ana", "SENT")]


def test_customers_own_reaction_stands_beside_it(meta: Meta, in_acme: Company, said: Message) -> None:
    react_as(said, by=in_acme.ana, emoji="👍")
    contact = said.conversation.contact
    assert contact
    react(said, contact=contact, emoji="😂", at=timezone.now())
    reacting.send_waiting(said.pk)
    assert {emoji for emoji, _, _ in shown(said)} == {"👍", "😂"}


def test_refused_reaction_is_taken_back_and_its_author_told(meta: Meta, in_acme: Company) -> None:
    yesterday = int(time.time()) - 25 * 3600  # by WhatsApp's clock: ours is wrong
    said = arrives(in_acme, meta.say("5511777777777", "Oi!", timestamp=yesterday), "5511777777777")
    react_as(said, by=in_acme.ana, emoji="👍")
    assert reacting.send_waiting(said.pk) is None
    assert shown(said) == []
    (notification,) = told()
    assert notification.startswith(f"user:{in_acme.ana.pk} ")
    assert "24" in notification


def test_refused_change_lets_the_earlier_one_stand(meta: Meta, in_acme: Company, said: Message) -> None:
    react_as(said, by=in_acme.ana, emoji="👍")
    reacting.send_waiting(said.pk)
    meta.behave(answer="bad_token", remaining=1)
    react_as(said, by=in_acme.caio, emoji="❤️")
    reacting.send_waiting(said.pk)
    assert shown(said) == [("👍", "Ana", "SENT")]
    assert on_the_phone(meta, said) == "👍"
    in_acme.number.refresh_from_db()
    assert in_acme.number.state == "RECONNECT"
    react_as(said, by=in_acme.caio, emoji="❤️")  # over a number that is not connected
    reacting.send_waiting(said.pk)
    assert len(told()) == 2


def test_refusal_that_comes_as_a_status_takes_it_back_once(
    meta: Meta, in_acme: Company, said: Message, deliver: Callable[[bytes], None]
) -> None:
    for emoji in ("👍", "❤️"):
        react_as(said, by=in_acme.ana, emoji=emoji)
        reacting.send_waiting(said.pk)
    reaction = Reaction.objects.get()

    def comes(word: str, attempt: int) -> None:
        more: dict[str, Any] = {"biz_opaque_callback_data": f"recado-reaction:{reaction.pk}:{attempt}"}
        if word == "failed":
            more["errors"] = [{"code": 131047, "title": "Re-engagement message"}]
        deliver(body(value(statuses=(status("wamid.reaction", word, **more),))))

    comes("sent", 2)
    comes("failed", 1)  # of the one that was replaced since
    assert shown(said) == [("❤️", "Ana", "SENT")]
    for _ in range(2):
        comes("failed", 2)
    assert shown(said) == [("👍", "Ana", "SENT")]
    assert len(told()) == 1


@pytest.mark.parametrize("answer", ["server_error", "refuse", "timeout"])
def test_what_may_not_have_been_taken_is_told_again(meta: Meta, in_acme: Company, said: Message, answer: str) -> None:
    meta.behave(answer=answer, remaining=1)
    react_as(said, by=in_acme.ana, emoji="👍")
    wait = reacting.send_waiting(said.pk)
    assert wait
    assert shown(said) == [("👍", "Ana", "PENDING")]
    assert reacting.send_waiting(said.pk) is None  # not due yet
    Reaction.objects.update(next_attempt_at=timezone.now())
    assert reacting.send_waiting(said.pk) is None
    assert shown(said) == [("👍", "Ana", "SENT")]
    assert on_the_phone(meta, said) == "👍"


def test_busy_whatsapp_is_not_asked_for_ever(meta: Meta, in_acme: Company, said: Message) -> None:
    meta.behave(answer="server_error")
    react_as(said, by=in_acme.ana, emoji="👍")
    Reaction.objects.update(reacted_at=timezone.now() - timedelta(hours=1))
    assert reacting.send_waiting(said.pk) is None
    assert shown(said) == []
    assert len(told()) == 1


def test_what_is_wanted_meanwhile_is_told_next(meta: Meta, in_acme: Company, said: Message) -> None:
    react_as(said, by=in_acme.ana, emoji="👍")
    now = timezone.now()
    claimed = start_reacting(said.pk, now=now, answer_by=now + timedelta(minutes=1))
    assert claimed
    react_as(said, by=in_acme.caio, emoji="❤️")
    assert reacting.send_waiting(said.pk) is None  # the other worker is at it
    record_reacted(claimed)
    assert shown(said) == [("❤️", "Caio", "PENDING")]
    reacting.send_waiting(said.pk)
    assert shown(said) == [("❤️", "Caio", "SENT")]
    assert on_the_phone(meta, said) == "❤️"


@pytest.mark.django_db(transaction=True)
def test_wish_at_the_moment_of_a_claim_leaves_the_claim_alone(in_acme: Company, meta: Meta) -> None:
    """Else two workers would tell WhatsApp at once, and the older emoji might be the one that stays."""
    said = arrives(in_acme, meta.say(PHONE, "Oi!"))
    react_as(said, by=in_acme.ana, emoji="👍")

    def wish() -> None:
        with closing(connection), tenant_scope(in_acme.tenant):
            react_as(said, by=in_acme.caio, emoji="❤️")

    def somebody_waits_for_us() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid")
            return bool(cursor.rowcount)

    now = timezone.now()
    with ThreadPoolExecutor(1) as another:
        with transaction.atomic():
            assert start_reacting(said.pk, now=now, answer_by=now + timedelta(minutes=1))
            wished = another.submit(wish)
            eventually(somebody_waits_for_us)
        wished.result()
    row = Reaction.objects.get()
    assert (row.wanted, row.attempts) == ("❤️", 1)
    assert row.next_attempt_at


def test_reaction_whose_bell_was_lost_is_found(
    in_acme: Company, said: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks.send_reaction, "delay", lambda *ids: rung.append(ids))
    react_as(said, by=in_acme.ana, emoji="👍")
    Context().run(tasks.ring_again)
    assert rung == []
    Reaction.objects.update(reacted_at=timezone.now() - tasks.OVERDUE * 2)
    Context().run(tasks.ring_again)
    assert rung == [(str(in_acme.tenant.pk), str(said.pk))]


def test_what_whatsapp_cannot_do_is_said_at_once(in_acme: Company, said: Message) -> None:
    ours = send_message(said.conversation, by=in_acme.ana, content="Olá!")
    with pytest.raises(UnsupportedByChannel):
        react_as(ours, by=in_acme.ana, emoji="👍")
    Message.objects.filter(pk=said.pk).update(wamid=None)
    with pytest.raises(UnsupportedByChannel):
        react_as(said, by=in_acme.ana, emoji="👍")
    Message.objects.filter(pk=said.pk).update(wamid="wamid.again")
    Conversation.objects.update(window_expires_at=timezone.now())
    with pytest.raises(WindowClosed):
        react_as(said, by=in_acme.ana, emoji="👍")
    delete_message(said, at=timezone.now())
    with pytest.raises(Conflict):
        react_as(said, by=in_acme.ana, emoji="👍")
    assert not Reaction.objects.exists()
