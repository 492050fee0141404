"""One conversation as a browser gets it: reading, writing, retrying, taking over."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions import write_message
from conversations.models import Conversation, Message
from conversations.statuses import LOST_ANSWER, Direction, MessageStatus, MessageType
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.customers import newest_message, writes

JSON = {"Accept": "application/json"}
PANEL = {"X-Recado-Fragment": "panel"}


@pytest.fixture
def ana(client: Client, acme: Company) -> Client:
    client.force_login(acme.ana)
    return client


def sent(company: Company, conversation: Conversation, **more: object) -> Message:
    """A message of ours."""
    fields = {"content": "Bom dia!", "status": MessageStatus.SENT, "said_at": timezone.now(), **more}
    with tenant_scope(company.tenant):
        return Message.objects.create(
            conversation=conversation, number=company.number, direction=Direction.OUTBOUND, sender=company.ana, **fields
        )


def close_window(company: Company, conversation: Conversation) -> None:
    with tenant_scope(company.tenant):
        Conversation.objects.filter(pk=conversation.pk).update(window_expires_at=timezone.now() - timedelta(minutes=1))


def test_panel_is_the_piece_of_the_page_and_nothing_else(ana: Client, acme: Company) -> None:
    address = f"/conversations/{writes(acme, 'Marta', 'Oi', 'Tudo bem?').pk}/"
    page, piece = ana.get(address).content.decode(), ana.get(address, headers=PANEL).content.decode()
    assert "<html" in page
    assert "<html" not in piece
    assert "Tudo bem?" in page
    assert "Tudo bem?" in piece


def test_second_answer_comes_back_with_its_text_where_there_are_no_scripts(ana: Client, acme: Company) -> None:
    conversation = writes(acme)
    page = ana.get(f"/conversations/{conversation.pk}/").content.decode()
    seen = page.split('name="last_seen_seq" value="')[1].split('"')[0]
    with tenant_scope(acme.tenant):
        write_message(conversation, by=acme.caio, content="São três dias.")
    address = f"/conversations/{conversation.pk}/messages/"
    refused = ana.post(address, {"content": "São cinco dias.", "last_seen_seq": seen})
    again = refused.content.decode()
    assert refused.status_code == 400
    assert "São três dias." in again
    assert ">São cinco dias.</textarea>" in again
    assert "last_seen_seq" not in again  # now they know
    assert ana.post(address, {"content": "São cinco dias."}).status_code == 302


def test_reading_stopped_is_marked_before_the_first_unread(ana: Client, acme: Company) -> None:
    conversation = writes(acme, "Marta", "lida")
    ana.post(f"/conversations/{conversation.pk}/read/", headers=JSON)
    writes(acme, "Marta", "nova um", "nova dois")
    piece = ana.get(f"/conversations/{conversation.pk}/", headers=PANEL).content.decode()
    assert piece.index("lida<") < piece.index("data-unread-line") < piece.index("nova um<")
    assert piece.count("data-unread-line") == 1


def test_reading_clears_the_count_once(ana: Client, acme: Company) -> None:
    conversation = writes(acme)
    first = ana.post(f"/conversations/{conversation.pk}/read/", headers=JSON).json()
    again = ana.post(f"/conversations/{conversation.pk}/read/", headers=JSON).json()
    assert first["unreadCount"] == again["unreadCount"] == 0
    assert first["version"] == again["version"]


def test_thread_is_paged_backwards(ana: Client, acme: Company) -> None:
    conversation = writes(acme, "Marta", *(f"m{number:03d}" for number in range(60)))
    piece = ana.get(f"/conversations/{conversation.pk}/", headers=PANEL).content.decode()
    assert piece.count('<li class="message"') == 50
    older = piece.split('data-older="')[1].split('"')[0]
    page = ana.get(older).content.decode()
    assert page.count('<li class="message"') == 10
    assert page.index("m000") < page.index("m009")
    assert "data-older" not in page


def test_script_writes_and_the_same_client_id_is_one_message(ana: Client, acme: Company) -> None:
    address, client_id = f"/conversations/{writes(acme).pk}/messages/", str(uuid4())
    first = ana.post(address, {"content": "Olá!", "client_id": client_id}, headers=JSON)
    again = ana.post(address, {"content": "Olá!", "client_id": client_id}, headers=JSON)
    assert first.status_code == 201
    assert first.json()["id"] == again.json()["id"]


def test_form_works_without_script_and_keeps_the_text_of_a_refusal(ana: Client, acme: Company) -> None:
    conversation = writes(acme)
    address = f"/conversations/{conversation.pk}/messages/"
    assert ana.post(address, {"content": "Olá!"})["Location"] == f"/conversations/{conversation.pk}/"
    refused = ana.post(address, {"content": "x" * 5000})
    assert refused.status_code == 400
    assert "x" * 5000 in refused.content.decode()
    assert "Longo demais." in refused.content.decode()


def test_closed_window_is_told_and_shuts_the_composer(ana: Client, acme: Company) -> None:
    conversation = writes(acme)
    close_window(acme, conversation)
    refused = ana.post(f"/conversations/{conversation.pk}/messages/", {"content": "Olá!"}, headers=JSON)
    assert refused.json()["error"]["code"] == "window_closed"
    assert "data-closed" in ana.get(f"/conversations/{conversation.pk}/", headers=PANEL).content.decode()


def test_failed_message_says_why_and_is_sent_again(ana: Client, acme: Company) -> None:
    conversation = writes(acme)
    message = sent(acme, conversation, status=MessageStatus.FAILED, error_code=LOST_ANSWER)
    piece = ana.get(f"/conversations/{conversation.pk}/", headers=PANEL).content.decode()
    assert "A resposta do WhatsApp se perdeu." in piece
    answer = ana.post(f"/messages/{message.pk}/retry/", headers=JSON)
    assert answer.json()["status"] == "PENDING"
    assert ana.post(f"/messages/{message.pk}/retry/", headers=JSON).status_code == 409


def test_conversation_is_given_to_a_colleague_and_to_nobody(ana: Client, acme: Company) -> None:
    address = f"/conversations/{writes(acme).pk}/assignee/"
    assert ana.post(address, {"assignee": acme.caio.pk}, headers=JSON).json()["assignee"]["name"] == "Caio"
    assert ana.post(address, {"assignee": ""}, headers=JSON).json()["assignee"] is None


def test_what_customers_write_is_shown_and_never_run(ana: Client, acme: Company) -> None:
    conversation = writes(acme, "<b>Eva</b>", '<script>alert(1)</script> "javascript:alert(2)" http://a.test/?x="><i>')
    page = ana.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Eva" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*forte* e _fino_", "<strong>forte</strong> e <em>fino</em>"),
        ("~velho~ ```x = 1```", "<s>velho</s> <code>x = 1</code>"),
        ("2*3*4 e a_b_c", "2*3*4 e a_b_c"),
        ("https://a.test/x_y_z", ">https://a.test/x_y_z</a>"),
    ],
)
def test_marks_are_shown_as_whatsapp_shows_them(ana: Client, acme: Company, written: str, shown: str) -> None:
    conversation = writes(acme, "Marta", written)
    assert shown in ana.get(f"/conversations/{conversation.pk}/", headers=PANEL).content.decode()


@pytest.mark.parametrize("kind", MessageType)
def test_every_kind_of_message_has_a_bubble(ana: Client, acme: Company, kind: MessageType) -> None:
    conversation = writes(acme)
    for metadata in ({}, {"latitude": -23.5, "longitude": -46.6}, {"contacts": [{"name": "?"}, 7], "kind": "poll"}):
        sent(acme, conversation, type=kind, content="", metadata=metadata)
    piece = ana.get(f"/conversations/{conversation.pk}/", headers=PANEL).content.decode()
    assert piece.count(f'data-type="{kind}"') >= 3


def test_deleted_message_shows_nothing_of_what_it_said(ana: Client, acme: Company) -> None:
    conversation = writes(acme, "Marta", "segredo")
    with tenant_scope(acme.tenant):
        Message.objects.filter(conversation=conversation).update(deleted_at=timezone.now())
    piece = ana.get(f"/conversations/{conversation.pk}/", headers=PANEL).content.decode()
    assert "Esta mensagem foi apagada." in piece
    assert "segredo" not in piece


def test_neighbours_conversation_cannot_be_touched(ana: Client, acme: Company, globex: Company) -> None:
    theirs = writes(globex, "Vizinha", "segredo")
    message = newest_message(globex, theirs)
    for address in (
        f"/conversations/{theirs.pk}/messages/",
        f"/conversations/{theirs.pk}/read/",
        f"/conversations/{theirs.pk}/assignee/",
        f"/messages/{message.pk}/retry/",
    ):
        assert ana.post(address, {"content": "Oi"}).status_code == 404, address
    ours = writes(acme)
    assert ana.get(f"/conversations/{ours.pk}/messages/?before={message.pk}").status_code == 404
    assert ana.post(f"/conversations/{ours.pk}/assignee/", {"assignee": globex.gil.pk}).status_code == 404
    assert ana.get(f"/conversations/{ours.pk}/messages/?before=nonsense").status_code == 400
