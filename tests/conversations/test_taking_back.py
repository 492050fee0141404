"""Editing, deleting, recalling and reacting: in a chat, and to a customer as far as WhatsApp can."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations import actions, queries
from conversations.errors import BadRequest, Conflict, DomainError, Forbidden, TooLarge, UnsupportedByChannel
from conversations.models import Attachment, AttachmentState, Conversation, Message, Participant
from conversations.serializers import conversation_object, message_object
from conversations.statuses import MessageStatus
from events.models import Event
from tests.cast import Company
from tests.conversations.chats import direct, group, say
from tests.customers import writes


@pytest.fixture
def customer(in_acme: Company) -> Conversation:
    """A customer waits for an answer."""
    return writes(in_acme, "Marta")


def answer(customer: Conversation, company: Company, *, undoable: bool = True) -> Message:
    return actions.write_message(customer, by=company.ana, content="Já vejo", undoable=undoable)


def last(kind: str) -> Event:
    return Event.objects.filter(type=kind).latest("seq")


def test_edited_message_shows_new_words_and_keeps_the_old_for_audit(in_acme: Company) -> None:
    said = say(direct(in_acme), in_acme.ana, "um")
    shown = message_object(actions.rewrite_message(said, by=in_acme.ana, content="dois"))
    assert shown.content == "dois"
    assert shown.edited_at
    assert "history" not in shown.metadata
    actions.rewrite_message(said, by=in_acme.ana, content="três")
    history = Message.objects.get(pk=said.pk).metadata["history"]
    assert [each["content"] for each in history] == ["um", "dois"]


def test_editing_to_the_same_words_does_nothing(in_acme: Company) -> None:
    said = say(direct(in_acme), in_acme.ana, "um")
    assert actions.rewrite_message(said, by=in_acme.ana, content="um ").version == said.version


def test_deleted_message_leaves_a_tombstone_without_words_files_or_quotes(in_acme: Company) -> None:
    chat = direct(in_acme)
    said = say(chat, in_acme.ana, "segredo")
    Attachment.objects.create(message=said, state=AttachmentState.READY, filename="segredo.pdf")
    reply = say(chat, in_acme.caio, "ok", reply_to_id=said.pk)
    actions.react_as(said, by=in_acme.caio, emoji="👍")
    shown = message_object(actions.delete_for_everyone(said, by=in_acme.ana))
    assert (shown.content, shown.metadata, shown.attachments, shown.reactions) == ("", {}, [], [])
    assert shown.deleted_at
    quote = message_object(queries.messages().get(pk=reply.pk)).reply_to
    assert quote
    assert quote.preview == ""
    assert "segredo" not in last("message:deleted").data + last("message:updated").data
    with pytest.raises(Conflict):
        actions.rewrite_message(said, by=in_acme.ana, content="voltei")


def test_moderators_delete_what_members_wrote(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio")
    said = say(chat, in_acme.caio)
    assert actions.delete_for_everyone(said, by=in_acme.ana).deleted_at


def test_recall_is_for_five_minutes_and_deletion_for_ever(in_acme: Company) -> None:
    chat = direct(in_acme)
    fresh, old = say(chat, in_acme.ana), say(chat, in_acme.ana)
    Message.objects.filter(pk=old.pk).update(said_at=timezone.now() - timedelta(minutes=6))
    for _ in range(2):
        assert actions.recall_message(fresh, by=in_acme.ana).status == MessageStatus.RECALLED
    assert Event.objects.filter(type="message:recalled").count() == 1
    with pytest.raises(Conflict):
        actions.recall_message(old, by=in_acme.ana)
    assert actions.delete_for_everyone(old, by=in_acme.ana).deleted_at


def test_recalled_message_is_not_shown_by_lists(in_acme: Company) -> None:
    chat = direct(in_acme)
    said = say(chat, in_acme.ana, "segredo")
    actions.recall_message(said, by=in_acme.ana)
    shown = conversation_object(queries.conversation_for(in_acme.caio, chat.pk)).last_message
    assert shown
    assert (shown.preview, shown.status) == ("", "RECALLED")
    assert not queries.found_messages(in_acme.caio, "segredo").items


def test_reaction_is_set_replaced_and_removed(in_acme: Company) -> None:
    said = say(direct(in_acme), in_acme.ana)
    for emoji, shown in (("👍", ["👍"]), ("❤️", ["❤️"]), (None, [])):
        row = actions.react_as(said, by=in_acme.caio, emoji=emoji)
        assert [each.emoji for each in message_object(row).reactions] == shown
    with pytest.raises(BadRequest):
        actions.react_as(said, by=in_acme.caio, emoji="oi")


def test_notices_are_nobodys_to_delete(in_acme: Company) -> None:
    group(in_acme, "ana")
    with pytest.raises(Forbidden):
        actions.delete_for_everyone(Message.objects.get(), by=in_acme.ana)


def test_message_to_a_customer_waits_the_tenants_time_to_undo(in_acme: Company, customer: Conversation) -> None:
    held, sent = answer(customer, in_acme), answer(customer, in_acme, undoable=False)
    assert sent.next_attempt_at is None
    assert held.next_attempt_at == held.said_at + timedelta(seconds=5)
    assert message_object(held).recallable_until
    now = timezone.now()
    assert actions.start_sending(customer.pk, now=now, answer_by=now) is None
    later = now + timedelta(seconds=6)
    started = actions.start_sending(customer.pk, now=later, answer_by=later)
    assert started
    assert started.pk == held.pk


def test_message_that_waits_is_recalled_and_the_customer_waits_again(in_acme: Company, customer: Conversation) -> None:
    waited = Conversation.objects.get(pk=customer.pk).waiting_since
    held = answer(customer, in_acme)
    assert Conversation.objects.get(pk=customer.pk).waiting_since is None
    assert actions.recall_message(held, by=in_acme.ana).status == MessageStatus.RECALLED
    assert Conversation.objects.get(pk=customer.pk).waiting_since == waited
    later = timezone.now() + timedelta(minutes=1)
    assert actions.start_sending(customer.pk, now=later, answer_by=later) is None


def test_message_that_waits_can_be_reworded_and_deleted(in_acme: Company, customer: Conversation) -> None:
    held = answer(customer, in_acme)
    assert actions.rewrite_message(held, by=in_acme.ana, content="Um momento").content == "Um momento"
    assert actions.delete_for_everyone(held, by=in_acme.ana).status == MessageStatus.RECALLED


@pytest.mark.parametrize(
    ("kind", "mime_type", "words", "error"),
    [
        ("IMAGE", "image/png", "x" * 1025, TooLarge),
        ("VOICE", "audio/ogg", "Ouça", BadRequest),
        ("INTERACTIVE", None, "x" * 1025, TooLarge),
        ("INTERACTIVE", None, " ", BadRequest),
    ],
)
def test_what_waits_is_reworded_within_whatsapps_limits(
    in_acme: Company, customer: Conversation, kind: str, mime_type: str | None, words: str, error: type[DomainError]
) -> None:
    """What is too much would come back as a failure, and what nobody says would stand in the thread alone."""
    held = answer(customer, in_acme)
    Message.objects.filter(pk=held.pk).update(type=kind, metadata={"interactive": {"type": "button"}})
    if mime_type:
        Attachment.objects.create(message=held, mime_type=mime_type, state=AttachmentState.READY, size=1)
    with pytest.raises(error):
        actions.rewrite_message(held, by=in_acme.ana, content=words)


@pytest.mark.parametrize("status", ["SENDING", "SENT", "DELIVERED", "READ"])
def test_what_whatsapp_has_got_can_neither_be_edited_nor_taken_back(
    in_acme: Company, customer: Conversation, status: str
) -> None:
    sent = answer(customer, in_acme)
    Message.objects.filter(pk=sent.pk).update(status=status)
    with pytest.raises(UnsupportedByChannel, match="WhatsApp"):
        actions.rewrite_message(sent, by=in_acme.ana, content="não")
    with pytest.raises(UnsupportedByChannel, match="WhatsApp"):
        actions.delete_for_everyone(sent, by=in_acme.ana)
    with pytest.raises(UnsupportedByChannel, match="WhatsApp"):
        actions.recall_message(sent, by=in_acme.ana)
    assert Message.objects.get(pk=sent.pk).content == "Já vejo"


def test_only_the_author_takes_back_what_was_written_to_a_customer(in_acme: Company, customer: Conversation) -> None:
    held, received = answer(customer, in_acme), Message.objects.filter(direction="INBOUND").first()
    assert received
    for message in (held, received):
        with pytest.raises(Forbidden):
            actions.recall_message(queries.message_for(in_acme.bruno, message.pk), by=in_acme.bruno)


def test_deletion_takes_the_mention_with_it(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio")
    said = say(chat, in_acme.ana, mention_ids=(in_acme.caio.pk,))
    actions.recall_message(said, by=in_acme.ana)
    assert Participant.objects.get(user=in_acme.caio).mention_count == 0
