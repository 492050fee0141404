"""First paint + frames == a fresh page, for every event of the catalogue."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from conversations.actions import (
    apply_outcomes,
    create_group,
    delete_for_everyone,
    delete_message,
    edit_message,
    invite,
    leave_group,
    mark_read,
    open_direct,
    react,
    react_as,
    read_conversation,
    recall_message,
    receive,
    record_arrival,
    rewrite_message,
    send_message,
    start_sending,
    store_attachment,
    update_conversation,
    update_group,
    write_message,
)
from conversations.actions.arrivals import Arrival, Identity, Media, Person
from conversations.actions.outcomes import Outcome
from conversations.actions.people import follow_identities
from conversations.actions.reacting import record_reacted, refuse_reaction, start_reacting
from conversations.chat_fragments import chats
from conversations.fragments import Fragment, headers, messages
from conversations.models import Attachment, Conversation, IdentityKind, Message
from conversations.statuses import MessageStatus, MessageType
from events.catalogue import CATALOGUE
from events.emit import _handlers
from events.log import Committed
from kanban.actions import move_card
from kanban.fragments import cards
from realtime.fragments import _render
from tests.cast import Company

pytestmark = pytest.mark.django_db(transaction=True)

_heard: list[Committed] = []
Shown = dict[tuple[str, str, str], Fragment]  # by kind, id and room: the two of a direct chat call it differently


def listen(events: Sequence[Committed]) -> None:
    """A handler that remembers what a hub would be told."""
    _heard.extend(events)


@pytest.fixture(autouse=True)
def _ears(settings: Settings) -> Iterator[None]:
    settings.EVENT_HANDLERS = [f"{__name__}.listen"]
    _heard.clear()
    _handlers.cache_clear()
    yield
    _handlers.cache_clear()


def fresh_page() -> Shown:
    """Everything that a page opened now would show."""
    conversation_ids = list(Conversation.objects.values_list("pk", flat=True))
    message_ids = list(Message.objects.values_list("pk", flat=True))
    with translation.override("pt-br"):
        shown = [*cards(conversation_ids), *headers(conversation_ids), *chats(conversation_ids), *messages(message_ids)]
    return {(fragment.kind, fragment.id, fragment.room): fragment for fragment in shown}


def follow(page: Shown) -> None:
    """Let a page take in the fragments of what was heard, as a browser does: a newer version replaces an older one."""
    for fragments in _render(_heard, "pt-br").values() if _heard else ():
        for fragment in fragments:
            known = page.get((fragment.kind, fragment.id, fragment.room))
            if known is None or fragment.version >= known.version:
                page[fragment.kind, fragment.id, fragment.room] = fragment


def arrival(company: Company, wamid: str, **more: object) -> Arrival:
    who, now = Identity(IdentityKind.WA_ID, "5511988887777"), timezone.now()
    person = Person((who,), who, str(more.pop("name", "Marta")))
    parts = {"type": MessageType.TEXT, "content": wamid, "said_at": now, "received_at": now, **more}
    return Arrival(number_id=company.number.pk, wamid=wamid, person=person, **parts)  # type: ignore[arg-type]


def test_every_event_brings_an_open_page_up_to_date(in_acme: Company) -> None:
    page = fresh_page()

    def then(change: Callable[[], object]) -> None:
        """Change something; the page that only hears of it shows what a fresh one shows."""
        before = len(_heard)
        change()
        assert len(_heard) > before, "nothing was told"
        follow(page)
        _told.update(event.type for event in _heard)
        _heard.clear()
        assert page == fresh_page()

    _told: set[str] = set()
    then(lambda: receive([arrival(in_acme, "w1")]))
    conversation = Conversation.objects.get()
    first = Message.objects.get()
    then(lambda: receive([arrival(in_acme, "w3", reply_to_wamid="w2"), arrival(in_acme, "w4", name="Marta Reis")]))
    then(lambda: receive([arrival(in_acme, "w2", said_at=timezone.now() - timedelta(hours=1))]))
    then(lambda: receive([arrival(in_acme, "w6", reply_to_wamid="w1")]))
    then(lambda: react(first, contact=first.conversation.contact, emoji="👍", at=timezone.now()))
    then(lambda: react(first, contact=None, emoji="❤️", at=timezone.now()))
    former, present = (Identity(IdentityKind.WA_ID, phone) for phone in ("5511988887777", "5521977776666"))
    then(lambda: follow_identities([former], [present]))
    then(lambda: edit_message(first, content="outra coisa", at=timezone.now()))
    then(lambda: delete_message(first, at=timezone.now()))
    then(lambda: receive([arrival(in_acme, "w5", type=MessageType.IMAGE, content="", media=Media("m1", "image/png"))]))
    then(lambda: store_attachment(Attachment.objects.get(), state="FAILED", error="gone"))
    then(lambda: mark_read(conversation, by=in_acme.ana))
    then(lambda: update_conversation(conversation, by=in_acme.ana, priority=2))
    then(lambda: move_card(conversation, by=in_acme.ana, column_id=in_acme.columns[1].pk))
    then(lambda: send_message(conversation, by=in_acme.ana, content="já vejo", client_id="c1"))
    sent = Message.objects.get(client_id="c1")
    now = timezone.now()
    then(lambda: start_sending(conversation.pk, now=now, answer_by=now))
    for status in (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ):
        outcome = Outcome(in_acme.number.pk, "out", status, now, message_id=sent.pk)
        then(lambda outcome=outcome: apply_outcomes([outcome]))  # type: ignore[misc]
    answered = Message.objects.get(wamid="w6")
    then(lambda: react_as(answered, by=in_acme.ana, emoji="👍"))
    claimed = start_reacting(answered.pk, now=now, answer_by=now + timedelta(minutes=1))
    assert claimed
    then(lambda: record_reacted(claimed))
    then(lambda: refuse_reaction(claimed.pk, attempt=1, code="131047", detail=""))
    then(lambda: send_message(conversation, by=in_acme.ana, content="engano", client_id="c2"))
    then(lambda: recall_message(Message.objects.get(client_id="c2"), by=in_acme.ana))
    _talk_among_us(in_acme, then)
    assert _told == CATALOGUE.keys()


def _talk_among_us(company: Company, then: Callable[[Callable[[], object]], None]) -> None:
    """Everything that can happen in a chat."""
    ana, caio, sofia, bruno = (company.people[name] for name in ("ana", "caio", "sofia", "bruno"))
    then(lambda: open_direct(by=ana, colleague=caio))
    then(lambda: create_group(by=ana, title="Atendimento", people=[caio, sofia]))
    group = Conversation.objects.get(kind="GROUP")
    then(lambda: write_message(group, by=ana, content="alguém?", client_id="g1", mention_ids=(caio.pk,)))
    said = Message.objects.get(client_id="g1")
    then(lambda: record_arrival([said.pk], by=caio))
    then(lambda: read_conversation(group, by=caio))
    then(lambda: write_message(group, by=caio, content="eu", client_id="g2", reply_to_id=said.pk))
    then(lambda: react_as(said, by=sofia, emoji="👍"))
    then(lambda: rewrite_message(said, by=ana, content="alguém aí?"))
    then(lambda: delete_for_everyone(said, by=ana))
    then(lambda: recall_message(Message.objects.get(client_id="g2"), by=caio))
    then(lambda: update_group(group, by=ana, title="Plantão"))
    then(lambda: invite(group, by=ana, people=[bruno]))
    then(lambda: leave_group(group, by=caio))
