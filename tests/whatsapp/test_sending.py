"""Out to the customer, against the simulator's Graph API: every way in which a send can end."""

import io
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from celery import current_app
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from conversations.actions import (
    apply_outcomes,
    expect_answer,
    record_failed,
    record_postponed,
    record_sent,
    retry_message,
    send_message,
    start_sending,
    upload_file,
)
from conversations.actions.outcomes import Outcome
from conversations.errors import Conflict, WindowClosed
from conversations.models import Attachment, Conversation, Message
from conversations.statuses import MessageStatus, MessageType
from events.models import Event
from tenancy.scope import tenant_scope
from tests import webhooks
from tests.cast import Company
from tests.customers import writes
from tests.files import picture, recording
from tests.meta import Meta
from tests.together import together
from tests.whatsapp.conftest import PHONE, forget_rates
from whatsapp import doorbell, graph, limits, sending, tasks
from whatsapp.models import EarlyUpdate, Number


def write(conversation: Conversation, by: User, content: str = "Oi!", **more: Any) -> Message:
    return send_message(conversation, by=by, content=content, **more)


def test_send_is_queued_then_sent_with_our_id(meta: Meta, in_acme: Company, conversation: Conversation) -> None:
    message = write(conversation, in_acme.ana)
    assert (message.status, message.wamid) == ("PENDING", None)
    assert sending.send_waiting(conversation.pk) is None
    message.refresh_from_db()
    assert message.status == "SENT"
    (heard,) = meta.messages(PHONE)
    assert (heard["id"], heard["text"]["body"], heard["biz_opaque_callback_data"]) == (
        message.wamid,
        "Oi!",
        f"recado:{message.pk}",
    )
    assert [event.type for event in Event.objects.order_by("seq")].count("message:status-update") == 2  # SENDING, SENT


def test_first_reply_claims_the_conversation_and_answers_it(in_acme: Company, conversation: Conversation) -> None:
    Conversation.objects.update(unread_count=3, waiting_since=timezone.now())
    write(conversation, in_acme.ana)
    write(conversation, in_acme.caio)
    conversation.refresh_from_db()
    assert conversation.assignee == in_acme.ana
    assert (conversation.unread_count, conversation.waiting_since, conversation.last_message_preview) == (
        0,
        None,
        "Oi!",
    )


def test_same_client_id_twice_is_one_message(in_acme: Company, conversation: Conversation) -> None:
    first = write(conversation, in_acme.ana, client_id="c1")
    again = write(conversation, in_acme.ana, "something else", client_id="c1")
    assert first.pk == again.pk
    assert Message.objects.get().content == "Oi!"


def test_closed_window_is_said_before_anything_is_stored(in_acme: Company, conversation: Conversation) -> None:
    Conversation.objects.update(window_expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(WindowClosed):
        write(conversation, in_acme.ana)
    assert Message.objects.count() == Event.objects.count() == 0


def test_messages_of_a_conversation_go_out_in_the_order_written(
    meta: Meta, in_acme: Company, conversation: Conversation
) -> None:
    for number in range(5):
        write(conversation, in_acme.ana, str(number))
    sending.send_waiting(conversation.pk)
    assert meta.received(PHONE) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("answer", "code"), [("rate_limit", "130429"), ("server_error", "131000"), ("pair_limit", "131056")]
)
def test_busy_whatsapp_is_asked_again_later(
    meta: Meta, in_acme: Company, conversation: Conversation, answer: str, code: str
) -> None:
    meta.behave(answer=answer, remaining=1)
    message = write(conversation, in_acme.ana)
    wait = sending.send_waiting(conversation.pk)
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("PENDING", code)
    assert wait
    assert wait > 0
    assert sending.send_waiting(conversation.pk)  # not due yet: nothing is sent
    assert meta.received(PHONE) == []
    forget_rates()
    Message.objects.update(next_attempt_at=timezone.now())
    assert sending.send_waiting(conversation.pk) is None
    message.refresh_from_db()
    assert message.status == "SENT"
    assert meta.received(PHONE) == ["Oi!"]


def test_busy_whatsapp_is_not_asked_for_ever(meta: Meta, in_acme: Company, conversation: Conversation) -> None:
    meta.behave(answer="server_error")
    message = write(conversation, in_acme.ana)
    for _ in range(sending.ATTEMPTS):
        sending.send_waiting(conversation.pk)
        Message.objects.update(next_attempt_at=timezone.now())
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "131000")


def test_unreachable_whatsapp_proves_that_nothing_was_sent(
    meta: Meta, in_acme: Company, conversation: Conversation, settings: Settings
) -> None:
    settings.GRAPH_URL = "http://127.0.0.1:9"
    message = write(conversation, in_acme.ana)
    assert sending.send_waiting(conversation.pk)
    message.refresh_from_db()
    assert message.status == "PENDING"


def test_lost_answer_is_never_sent_twice(meta: Meta, in_acme: Company, conversation: Conversation) -> None:
    meta.behave(answer="timeout", remaining=1)
    message = write(conversation, in_acme.ana)
    assert sending.send_waiting(conversation.pk) is None
    message.refresh_from_db()
    assert message.status == "SENDING"
    sending.send_waiting(conversation.pk)
    assert len(meta.messages(PHONE)) == 1


def test_lost_answer_fails_in_the_end_and_says_it_may_have_been_sent(
    meta: Meta, in_acme: Company, conversation: Conversation
) -> None:
    meta.behave(answer="timeout", remaining=1)
    message = write(conversation, in_acme.ana)
    sending.send_waiting(conversation.pk)
    assert sending.fail_lost_sends(timezone.now()) == 0
    assert sending.fail_lost_sends(timezone.now() + timedelta(hours=1)) == 1
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "lost_answer")


def test_retry_really_sends_again(meta: Meta, in_acme: Company, conversation: Conversation) -> None:
    message = write(conversation, in_acme.ana)
    Message.objects.update(status="FAILED", error_code="131026")
    retry_message(message, by=in_acme.caio)
    sending.send_waiting(conversation.pk)
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("SENT", "")
    assert meta.received(PHONE) == ["Oi!"]
    with pytest.raises(Conflict):
        retry_message(message, by=in_acme.caio)


def test_old_news_of_a_failed_send_does_not_undo_its_retry(in_acme: Company, conversation: Conversation) -> None:
    """Meta repeats webhooks; the retry is a send of its own. But what did arrive after all need not be sent again."""
    message = write(conversation, in_acme.ana)
    Message.objects.update(status="FAILED", wamid="wamid.A", error_code="131026")
    retry_message(message, by=in_acme.ana)
    for status, expected in (("FAILED", "PENDING"), ("SENT", "PENDING"), ("DELIVERED", "DELIVERED")):
        outcome = MessageStatus(status)
        apply_outcomes([Outcome(in_acme.number.pk, "wamid.A", outcome, timezone.now(), message_id=message.pk)])
        message.refresh_from_db()
        assert message.status == expected


def test_expired_token_stops_the_number_and_says_so(meta: Meta, in_acme: Company, conversation: Conversation) -> None:
    meta.behave(answer="bad_token", remaining=1)
    message = write(conversation, in_acme.ana)
    later = write(conversation, in_acme.ana, "e agora?")
    sending.send_waiting(conversation.pk)
    for each in (message, later):
        each.refresh_from_db()
        assert each.status == "FAILED"
    assert (message.error_code, later.error_code) == ("190", "not_connected")
    assert Number.objects.get().state == "RECONNECT"


def test_stopped_account_stops_the_number(in_acme: Company, conversation: Conversation) -> None:
    refusal = graph._classified(httpx.Response(403), {"code": 131031, "message": "Account locked"})
    assert isinstance(refusal, graph.Stopped)
    message = on_its_way(conversation, in_acme.ana)
    sending._refuse(message, in_acme.number, refusal)
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "131031")
    assert Number.objects.get().state == "STOPPED"


def test_unreachable_whatsapp_is_given_up_in_our_own_words(
    meta: Meta, in_acme: Company, conversation: Conversation, settings: Settings
) -> None:
    settings.GRAPH_URL = "http://127.0.0.1:9"
    message = write(conversation, in_acme.ana)
    for _ in range(sending.ATTEMPTS):
        sending.send_waiting(conversation.pk)
        Message.objects.update(next_attempt_at=timezone.now())
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "no_attempts_left")


def test_status_that_overtakes_the_answer_settles_it_once(
    meta: Meta, in_acme: Company, conversation: Conversation
) -> None:
    message = write(conversation, in_acme.ana)
    start_sending(conversation.pk, now=timezone.now(), answer_by=timezone.now())
    delivered = Outcome(in_acme.number.pk, "wamid.A", MessageStatus.DELIVERED, timezone.now(), message_id=message.pk)
    apply_outcomes([delivered])
    record_sent(message, wamid="wamid.A", at=timezone.now())
    message.refresh_from_db()
    assert (message.status, message.wamid) == ("DELIVERED", "wamid.A")


def test_status_that_names_no_message_waits_for_the_answer(
    in_acme: Company, conversation: Conversation, deliver: Callable[[bytes], None]
) -> None:
    message = on_its_way(conversation, in_acme.ana)
    deliver(told("delivered"))
    assert EarlyUpdate.objects.count() == 1
    sending._settle(message, graph.Accepted("wamid.A", wa_id=""))
    message.refresh_from_db()
    assert (message.status, EarlyUpdate.objects.count()) == ("DELIVERED", 0)


def test_status_that_crossed_with_the_answer_is_found_later(
    in_acme: Company, conversation: Conversation, deliver: Callable[[bytes], None]
) -> None:
    message = on_its_way(conversation, in_acme.ana)
    deliver(told("read"))
    record_sent(message, wamid="wamid.A", at=timezone.now())  # while the status was being put aside
    Context().run(tasks.ring_again)
    message.refresh_from_db()
    assert (message.status, EarlyUpdate.objects.count()) == ("READ", 0)


def test_message_whose_bell_was_lost_is_sent_later(
    meta: Meta, in_acme: Company, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(current_app.conf, "task_always_eager", True)
    message = write(conversation, in_acme.ana)
    Context().run(tasks.ring_again)
    assert meta.received(PHONE) == []  # its own bell may still ring
    long_ago = timezone.now() - 2 * tasks.OVERDUE
    Message.objects.update(received_at=long_ago)
    Message.objects.exclude(next_attempt_at=None).update(next_attempt_at=long_ago)
    Context().run(tasks.ring_again)
    message.refresh_from_db()
    assert (message.status, meta.received(PHONE)) == ("SENT", ["Oi!"])


def told(word: str) -> bytes:
    """A status of the message that WhatsApp calls wamid.A."""
    return webhooks.body(webhooks.value(statuses=(webhooks.status("wamid.A", word),)))


def on_its_way(conversation: Conversation, by: User) -> Message:
    write(conversation, by)
    now = timezone.now()
    started = start_sending(conversation.pk, now=now, answer_by=now + timedelta(minutes=1))
    assert started
    return started


def test_only_who_has_a_message_now_settles_it(in_acme: Company, conversation: Conversation) -> None:
    message = on_its_way(conversation, in_acme.ana)
    seen_overdue = Message.objects.get(pk=message.pk)
    assert expect_answer(message, by=timezone.now() + timedelta(minutes=5))
    record_failed(seen_overdue, error_code="lost_answer", error_detail="", at=timezone.now())
    message.refresh_from_db()
    assert message.status == "SENDING"
    record_postponed(message, until=timezone.now())
    assert not expect_answer(message, by=timezone.now())
    message.refresh_from_db()
    assert message.status == "PENDING"


def test_message_that_waits_behind_another_one_is_not_asked_for_again_and_again(
    in_acme: Company, conversation: Conversation
) -> None:
    """Whoever sends the first goes on with it; were that a worker that died, beat rings."""
    write(conversation, in_acme.ana, "1")
    write(conversation, in_acme.ana, "2", delay=timedelta(seconds=5))
    now = timezone.now()
    assert start_sending(conversation.pk, now=now, answer_by=now + timedelta(seconds=90))
    assert sending.send_waiting(conversation.pk) is None


def test_rate_limit_of_a_number_holds_everybody_back_and_costs_them_no_attempt(
    meta: Meta, in_acme: Company, conversation: Conversation
) -> None:
    write(conversation, in_acme.ana)
    other = writes(in_acme, "Joana")
    held = write(other, in_acme.ana, "E eu?")
    meta.behave(answer="rate_limit", remaining=1)
    wait = sending.send_waiting(conversation.pk)
    assert wait
    assert wait / 2 < (sending.send_waiting(other.pk) or 0) <= wait + 1
    held.refresh_from_db()
    assert (held.status, held.attempts, held.error_code) == ("PENDING", 0, "")


def test_conversation_that_waits_is_come_back_to_once(in_acme: Company, conversation: Conversation) -> None:
    """However many messages ring for it meanwhile: each of these tasks would come back again and again."""
    for _ in range(3):
        write(conversation, in_acme.ana, delay=timedelta(seconds=30))
    before = doorbell.waiting("sending")
    for _ in range(5):
        tasks.send_conversation(str(in_acme.tenant.pk), str(conversation.pk))
    assert doorbell.waiting("sending") <= before + 2  # one, or two where a second ends meanwhile
    sooner = doorbell.waiting("sending")
    Message.objects.update(next_attempt_at=timezone.now() + timedelta(seconds=5))
    tasks.send_conversation(str(in_acme.tenant.pk), str(conversation.pk))
    assert doorbell.waiting("sending") == sooner + 1


def test_bells_do_not_pile_up_while_no_worker_hears_them(
    in_acme: Company, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(conversation, in_acme.ana)
    Message.objects.update(received_at=timezone.now() - 2 * tasks.OVERDUE)
    before = doorbell.waiting("sending")
    monkeypatch.setattr(tasks, "AT_ONCE", before + 2)
    for _ in range(5):
        Context().run(tasks.ring_again)
    assert doorbell.waiting("sending") == before + 2


def test_pair_rate_holds_messages_back_without_losing_one(
    meta: Meta, in_acme: Company, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PAIR_BURST", 2)
    for number in range(3):
        write(conversation, in_acme.ana, str(number))
    wait = sending.send_waiting(conversation.pk)
    assert wait is not None
    assert 0 < wait <= 6
    assert meta.received(PHONE) == ["0", "1"]
    assert Message.objects.get(content="2").attempts == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once_and_in_order(
    meta: Meta, in_acme: Company, conversation: Conversation
) -> None:
    for number in range(10):
        write(conversation, in_acme.ana, str(number))

    def work(_: int) -> None:
        with tenant_scope(in_acme.tenant):
            while Message.objects.filter(status="PENDING").exists():
                sending.send_waiting(conversation.pk)

    together(work, 4)
    assert meta.received(PHONE) == [str(number) for number in range(10)]


# Files


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def with_file(
    conversation: Conversation, by: User, data: bytes, name: str = "", declared: str = "", **more: Any
) -> Message:
    file = upload_file(io.BytesIO(data), by=by, filename=name, declared=declared)
    return send_message(conversation, by=by, attachment_ids=(file.pk,), **more)


@pytest.mark.usefixtures("folder")
def test_file_reaches_the_customer_with_its_caption_and_name(
    meta: Meta, in_acme: Company, conversation: Conversation
) -> None:
    with_file(conversation, in_acme.ana, picture("JPEG"), "foto.jpg", content="Veja")
    with_file(conversation, in_acme.ana, b"%PDF-1.7\n", "proposta.pdf")
    with_file(conversation, in_acme.ana, b"a;b\n", "lista.csv")
    assert sending.send_waiting(conversation.pk) is None
    image, document, table = meta.messages(PHONE)
    assert image["image"]["caption"] == "Veja"
    assert document["document"]["filename"] == "proposta.pdf"
    assert table["document"]["filename"] == "lista.csv"
    assert meta.file(image["image"]["id"]) == picture("JPEG")
    assert set(Message.objects.values_list("status", flat=True)) == {"SENT"}


@pytest.mark.usefixtures("folder")
def test_recording_reaches_the_customer_as_a_voice_note(
    meta: Meta, in_acme: Company, conversation: Conversation
) -> None:
    with_file(conversation, in_acme.ana, recording("webm"), "", "audio/webm", type=MessageType.VOICE)
    sending.send_waiting(conversation.pk)
    (heard,) = meta.messages(PHONE)
    assert heard["audio"]["voice"] is True
    assert meta.file(heard["audio"]["id"]).startswith(b"OggS")


@pytest.mark.usefixtures("folder")
def test_file_is_handed_over_once_however_often_its_message_is_tried(
    meta: Meta, in_acme: Company, conversation: Conversation
) -> None:
    meta.behave(answer="server_error", remaining=1)
    message = with_file(conversation, in_acme.ana, picture())
    assert sending.send_waiting(conversation.pk)
    file = Attachment.objects.get(message=message)
    assert file.media_id
    Message.objects.update(next_attempt_at=timezone.now())
    sending.send_waiting(conversation.pk)
    assert meta.messages(PHONE)[0]["image"]["id"] == file.media_id
    Attachment.objects.update(media_expires_at=timezone.now() - timedelta(days=1))
    Message.objects.update(status="FAILED")
    retry_message(message, by=in_acme.ana)
    sending.send_waiting(conversation.pk)
    assert meta.messages(PHONE)[1]["image"]["id"] != file.media_id


@pytest.mark.usefixtures("folder")
def test_message_whose_file_was_never_handed_over_is_not_lost_but_waits(
    in_acme: Company, conversation: Conversation
) -> None:
    message = with_file(conversation, in_acme.ana, picture())
    now = timezone.now()
    assert start_sending(conversation.pk, now=now, answer_by=now)  # and here the worker was killed
    assert sending.fail_lost_sends(now + timedelta(seconds=1)) == 1
    message.refresh_from_db()
    assert message.status == "PENDING"


@pytest.mark.usefixtures("folder")
def test_file_that_brings_workers_down_is_given_up(in_acme: Company, conversation: Conversation) -> None:
    message = with_file(conversation, in_acme.ana, picture())
    for _ in range(sending.ATTEMPTS):
        now = timezone.now()
        assert start_sending(conversation.pk, now=now, answer_by=now)
        sending.fail_lost_sends(now + timedelta(seconds=1))
        Message.objects.exclude(next_attempt_at=None).update(next_attempt_at=now)
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "no_attempts_left")


@pytest.mark.usefixtures("folder")
def test_file_that_takes_too_long_is_not_sent_by_two_workers(
    meta: Meta, in_acme: Company, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = with_file(conversation, in_acme.ana, picture())
    read = FileSystemStorage.open

    def read_slowly(storage: FileSystemStorage, name: str, mode: str = "rb") -> File[bytes]:
        monkeypatch.setattr(FileSystemStorage, "open", read)
        sending.fail_lost_sends(timezone.now() + timedelta(hours=1))
        Message.objects.update(next_attempt_at=None)
        sending.send_waiting(conversation.pk)  # a worker on a better line
        return read(storage, name, mode)

    monkeypatch.setattr(FileSystemStorage, "open", read_slowly)
    assert sending.send_waiting(conversation.pk) is None
    (heard,) = meta.messages(PHONE)
    message.refresh_from_db()
    assert (message.status, message.wamid) == ("SENT", heard["id"])


@pytest.mark.usefixtures("meta")
def test_message_whose_file_is_gone_fails_and_says_so(
    in_acme: Company, conversation: Conversation, folder: Path
) -> None:
    message = with_file(conversation, in_acme.ana, picture())
    for path in folder.rglob("*"):
        path.unlink() if path.is_file() else None
    sending.send_waiting(conversation.pk)
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "file_missing")


@pytest.mark.usefixtures("folder")
def test_recording_without_sound_fails_and_says_so(meta: Meta, in_acme: Company, conversation: Conversation) -> None:
    message = with_file(conversation, in_acme.ana, recording("webm")[:80], "", "audio/webm", type=MessageType.VOICE)
    sending.send_waiting(conversation.pk)
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "131053")
