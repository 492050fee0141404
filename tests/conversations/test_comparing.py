"""Two agents answer one customer: whoever has not seen the other's answer is told of it before theirs leaves."""

import pytest
from django.utils import timezone

from conversations import actions
from conversations.actions import receive
from conversations.actions.arrivals import Arrival, Identity, Person
from conversations.errors import Conflict
from conversations.models import Conversation, IdentityKind, Message
from conversations.serializers import message_object
from conversations.statuses import Direction, MessageType
from events import log
from events.models import Counter
from tests.cast import Company
from tests.conversations.chats import direct
from tests.customers import writes


@pytest.fixture
def customer(in_acme: Company) -> Conversation:
    return writes(in_acme, "Marta")


def answer(
    customer: Conversation, company: Company, name: str, seen: int | None = None, client_id: str | None = None
) -> Message:
    return actions.write_message(
        customer, by=company.people[name], content=f"Aqui é {name}", last_seen_seq=seen, client_id=client_id
    )


def test_answer_nobody_has_seen_refuses_the_next_one_and_comes_along(in_acme: Company, customer: Conversation) -> None:
    seen = log.newest_seq()
    first = answer(customer, in_acme, "caio")
    with pytest.raises(Conflict) as refused:
        answer(customer, in_acme, "ana", seen)
    assert refused.value.current == message_object(first)
    assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1
    assert answer(customer, in_acme, "ana").content == "Aqui é ana"  # anyway


def test_what_was_seen_and_what_is_ones_own_refuses_nothing(in_acme: Company, customer: Conversation) -> None:
    before = log.newest_seq()
    answer(customer, in_acme, "caio")
    answer(customer, in_acme, "ana", log.newest_seq())
    answer(customer, in_acme, "ana", log.newest_seq())
    answer(customer, in_acme, "ana", log.newest_seq())
    with pytest.raises(Conflict):
        answer(customer, in_acme, "ana", before)


def test_customers_words_and_other_conversations_refuse_nothing(in_acme: Company, customer: Conversation) -> None:
    seen = log.newest_seq()
    writes(in_acme, "Marta", "E então?")
    answer(writes(in_acme, "Dora"), in_acme, "caio")
    answer(customer, in_acme, "ana", seen)


def test_recalled_answer_refuses_nothing(in_acme: Company, customer: Conversation) -> None:
    seen = log.newest_seq()
    taken_back = answer(customer, in_acme, "caio")
    actions.recall_message(taken_back, by=in_acme.caio)
    answer(customer, in_acme, "ana", seen)


def test_answer_quoted_later_counts_by_when_it_was_said(in_acme: Company, customer: Conversation) -> None:
    first = answer(customer, in_acme, "caio")
    seen = log.newest_seq()
    actions.write_message(customer, by=in_acme.ana, content="isso", reply_to_id=first.pk)
    answer(customer, in_acme, "ana", seen)


def test_answer_from_the_business_phone_counts(in_acme: Company, customer: Conversation) -> None:
    seen, now = log.newest_seq(), timezone.now()
    who = Identity(IdentityKind.WA_ID, customer.address)
    echo = Arrival(
        number_id=in_acme.number.pk,
        wamid="echo",
        person=Person((who,), who),
        type=MessageType.TEXT,
        said_at=now,
        received_at=now,
        content="Já falei",
        direction=Direction.OUTBOUND,
    )
    receive([echo])
    with pytest.raises(Conflict):
        answer(customer, in_acme, "ana", seen)


def test_same_client_id_is_the_one_message_whatever_was_said_since(in_acme: Company, customer: Conversation) -> None:
    seen = log.newest_seq()
    first = answer(customer, in_acme, "ana", seen, client_id="c1")
    answer(customer, in_acme, "caio")
    assert answer(customer, in_acme, "ana", seen, client_id="c1") == first


@pytest.mark.parametrize("behind", ["pruned", "future"])
def test_whoever_the_log_cannot_tell_has_seen_nothing(in_acme: Company, customer: Conversation, behind: str) -> None:
    answer(customer, in_acme, "ana", 10**6)  # nobody else has answered: nothing to be missed
    answer(customer, in_acme, "caio")
    newest = log.newest_seq()
    Counter.objects.update(floor=newest)
    with pytest.raises(Conflict):
        answer(customer, in_acme, "ana", newest - 1 if behind == "pruned" else newest + 1)


def test_colleagues_may_all_speak_at_once(in_acme: Company) -> None:
    chat = direct(in_acme)
    actions.write_message(chat, by=in_acme.caio, content="eu")
    actions.write_message(chat, by=in_acme.ana, content="eu também", last_seen_seq=0)
