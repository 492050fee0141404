"""Who has got and read what in a chat: places, receipts, unread and mention counts."""

from typing import Any

import pytest

from conversations import actions, queries
from conversations.errors import NotFound
from conversations.models import Conversation, Message, Receipt
from conversations.serializers import conversation_object, message_object
from events.models import Event
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.conversations.chats import direct, group, say
from tests.together import together


def status(message: Message) -> str:
    return message_object(queries.messages().get(pk=message.pk)).status


def counts(chat: Conversation, company: Company, name: str) -> tuple[Any, Any]:
    seen = conversation_object(queries.conversation_for(company.people[name], chat.pk))
    return seen.unread_count, seen.mention_count


def test_status_of_a_message_follows_from_what_everybody_has(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio", "sofia")
    first, second = (say(chat, in_acme.ana) for _ in range(2))
    assert (first.place, second.place, status(first)) == (1, 2, "SENT")
    actions.record_arrival([first.pk, second.pk], by=in_acme.caio)
    assert status(second) == "SENT"
    actions.record_arrival([first.pk], by=in_acme.sofia)
    assert (status(first), status(second)) == ("DELIVERED", "SENT")
    actions.read_conversation(chat, by=in_acme.sofia)
    actions.read_conversation(chat, by=in_acme.caio, up_to=[first.pk])
    assert (status(first), status(second)) == ("READ", "DELIVERED")


def test_receipts_say_who_and_when(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio", "sofia")
    said = say(chat, in_acme.ana)
    actions.record_arrival([said.pk], by=in_acme.caio)
    actions.read_conversation(chat, by=in_acme.caio)
    caio, sofia = queries.receipts(queries.message_for(in_acme.ana, said.pk))
    assert (str(caio.user), str(sofia.user), sofia.delivered_at, sofia.read_at) == ("Caio", "Sofia", None, None)
    assert caio.delivered_at
    assert caio.read_at
    assert caio.delivered_at <= caio.read_at


def test_one_receipt_spans_many_messages(in_acme: Company) -> None:
    chat = direct(in_acme)
    said = [say(chat, in_acme.ana) for _ in range(3)]
    for _ in range(2):
        actions.read_conversation(chat, by=in_acme.caio)
    assert Receipt.objects.count() == Event.objects.filter(type="message:read").count() == 1
    assert all(queries.receipts(queries.message_for(in_acme.ana, each.pk))[0].read_at for each in said)


def test_whoever_answers_has_read_what_stands_above(in_acme: Company) -> None:
    chat = direct(in_acme)
    asked = say(chat, in_acme.ana)
    say(chat, in_acme.caio)
    assert status(asked) == "READ"
    assert queries.receipts(queries.message_for(in_acme.ana, asked.pk))[0].read_at
    assert counts(chat, in_acme, "caio") == (0, 0)
    assert counts(chat, in_acme, "ana") == (1, 0)


def test_who_came_later_is_not_asked_for_what_was_before(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio")
    before = say(chat, in_acme.ana)
    actions.invite(chat, by=in_acme.ana, people=[in_acme.sofia])
    after = say(chat, in_acme.ana)

    def asked(message: Message) -> list[str]:
        return [str(each.user) for each in queries.receipts(queries.message_for(in_acme.ana, message.pk))]

    assert (asked(before), asked(after)) == (["Caio"], ["Caio", "Sofia"])


def test_whoever_leaves_keeps_nobody_waiting(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio", "sofia")
    said = say(chat, in_acme.ana)
    actions.read_conversation(chat, by=in_acme.caio)
    actions.leave_group(chat, by=in_acme.sofia)
    assert status(said) == "READ"


def test_unread_and_mentions_are_counted_for_each(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio", "sofia")
    say(chat, in_acme.ana, mention_ids=(in_acme.caio.pk,))
    said = say(chat, in_acme.ana, mention_ids=(in_acme.caio.pk, in_acme.ana.pk))
    assert [counts(chat, in_acme, name) for name in ("ana", "caio", "sofia")] == [(0, 0), (2, 2), (2, 0)]
    actions.delete_for_everyone(said, by=in_acme.ana)
    assert counts(chat, in_acme, "caio") == (2, 1)
    actions.read_conversation(chat, by=in_acme.caio)
    assert counts(chat, in_acme, "caio") == (0, 0)


def test_read_up_to_a_message_of_another_conversation_is_not_found(in_acme: Company) -> None:
    elsewhere = say(direct(in_acme), in_acme.ana)
    with pytest.raises(NotFound):
        actions.read_conversation(group(in_acme), by=in_acme.ana, up_to=[elsewhere.pk])


def test_reading_up_to_a_notice_reads_what_stands_above_it(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio")
    say(chat, in_acme.ana)
    actions.update_group(chat, by=in_acme.ana, title="Plantão")
    notice = Message.objects.order_by("said_at").last()
    assert notice
    say(chat, in_acme.ana)
    actions.read_conversation(chat, by=in_acme.caio, up_to=[notice.pk])
    assert counts(chat, in_acme, "caio") == (1, 0)


def test_reading_in_a_large_group_is_told_to_the_reader_alone(
    in_acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LISTED", 2)
    chat = group(in_acme, "ana", "caio", "sofia")
    said = say(chat, in_acme.ana)
    actions.record_arrival([said.pk], by=in_acme.caio)
    actions.read_conversation(chat, by=in_acme.caio)
    assert not Event.objects.filter(type="message:delivered").exists()
    assert Event.objects.get(type="message:read").audience == [f"user:{in_acme.caio.pk}"]
    assert [bool(each.read_at) for each in queries.receipts(queries.message_for(in_acme.ana, said.pk))] == [True, False]
    assert counts(chat, in_acme, "caio") == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_everybody_at_once_leaves_nobody_behind(acme: Company) -> None:
    """Readers and writers race: places are gap-free, and in the end everybody has read everything."""
    with tenant_scope(acme.tenant):
        chat = group(acme, "ana", "caio", "sofia", "bruno")
    people = list(acme.people.values())

    def talk(place: int) -> None:
        with tenant_scope(acme.tenant):
            for _ in range(3):
                say(chat, people[place])
                actions.read_conversation(chat, by=people[place])

    together(talk, 4)
    with tenant_scope(acme.tenant):
        for user in people:
            actions.read_conversation(chat, by=user)
        row = Conversation.objects.get(pk=chat.pk)
        places = Message.objects.filter(place__gt=0).order_by("place").values_list("place", flat=True)
        assert list(places) == list(range(1, 13))
        assert (row.message_count, row.read_place, row.delivered_place) == (12, 12, 12)
