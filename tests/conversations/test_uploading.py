"""What becomes of uploads that nobody sends, and of two who do the same at once."""

import io
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django.fixtures import Settings

from conversations.actions import add_part, begin_upload, prune_uploads, send_message, upload_file
from conversations.errors import BadRequest, Conflict, NotFound, TooLarge, UnsupportedByChannel
from conversations.models import Attachment, Upload
from conversations.queries import conversation_for
from conversations.statuses import MessageType
from conversations.tasks import make_preview, make_previews_again
from conversations.tasks import prune_uploads as prune_task
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.customers import writes
from tests.files import film, picture, recording
from tests.together import together


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(company: Company, content: bytes = b"%PDF-1.7\n", name: str = "a.pdf", declared: str = "") -> Attachment:
    return upload_file(io.BytesIO(content), by=company.ana, filename=name, declared=declared)


def files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_unsent_files_are_forgotten_after_a_day_and_sent_ones_stay(acme: Company, tmp_path: Path) -> None:
    conversation = writes(acme)
    with tenant_scope(acme.tenant):
        sent, _same, other = upload(acme), upload(acme), upload(acme, b"%PDF-1.6\n")
        send_message(conversation_for(acme.ana, conversation.pk), by=acme.ana, attachment_ids=(sent.pk,))
        begun = begin_upload(by=acme.ana, length=10)
        add_part(begun, io.BytesIO(b"12345"), offset=0, size=5)
        assert files(tmp_path) == 3
        assert prune_uploads(timezone.now() + timedelta(hours=23)) == 0
        Attachment.objects.update(created_at=timezone.now() - timedelta(hours=25))
        Upload.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    prune_task()
    with tenant_scope(acme.tenant):
        assert list(Attachment.objects.all()) == [sent]
        assert not Upload.objects.exists()
        assert files(tmp_path) == 1  # which the forgotten one shared
        assert sent.file.storage.exists(sent.file.name or "")
        assert not other.file.storage.exists(other.file.name or "")


def test_file_that_was_lost_is_there_again_when_somebody_brings_it_again(acme: Company, tmp_path: Path) -> None:
    """As after a restore without MEDIA_ROOT: the same bytes must not be taken for those that are gone."""
    with tenant_scope(acme.tenant):
        lost = upload(acme)
        (tmp_path / (lost.file.name or "")).unlink()
        again = upload(acme)
        assert again.file.storage.exists(again.file.name or "")


@pytest.mark.django_db(transaction=True)
def test_last_part_sent_twice_at_once_makes_one_attachment(acme: Company) -> None:
    with tenant_scope(acme.tenant):
        begun = begin_upload(by=acme.ana, length=4)

    def finish(_number: int) -> None:
        with tenant_scope(acme.tenant), suppress(Conflict):
            add_part(Upload.objects.get(pk=begun.pk), io.BytesIO(b"abcd"), offset=0, size=4)

    together(finish, 4)
    with tenant_scope(acme.tenant):
        (made,) = Attachment.objects.all()
        with made.file.open("rb") as file:
            assert (made.pk, file.read()) == (begun.pk, b"abcd")


@pytest.mark.django_db(transaction=True)
def test_upload_that_is_put_together_twice_at_once_is_one_file(acme: Company, tmp_path: Path) -> None:
    """The answer to the last part was lost, and the client asks again while the first request still works."""
    with tenant_scope(acme.tenant):
        begun = begin_upload(by=acme.ana, length=4)
        name = default_storage.save("part", ContentFile(b"abcd"))
        Upload.objects.update(offset=4, parts=[name])

    def finish(_number: int) -> None:
        with tenant_scope(acme.tenant):
            add_part(Upload.objects.get(pk=begun.pk), io.BytesIO(), offset=4, size=0)

    together(finish, 4)
    with tenant_scope(acme.tenant):
        (made,) = Attachment.objects.all()
        assert made.file.storage.exists(made.file.name or "")
    assert files(tmp_path) == 1


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (picture("JPEG"), "", "IMAGE"),
        (film(), "", "VIDEO"),
        (recording("ogg"), "", "AUDIO"),
        (b"%PDF-1.7\n", "", "DOCUMENT"),
    ],
)
def test_message_is_what_its_file_is(acme: Company, content: bytes, declared: str, kind: str) -> None:
    conversation = writes(acme)
    with tenant_scope(acme.tenant):
        file = upload(acme, content, "x", declared)
        message = send_message(conversation_for(acme.ana, conversation.pk), by=acme.ana, attachment_ids=(file.pk,))
        assert message.type == kind


@pytest.mark.parametrize(
    ("content", "kind", "words", "error", "advice"),
    [
        (picture("GIF"), "TEXT", "", UnsupportedByChannel, "JPEG"),
        (b"PK\x03\x04" + bytes(60), "TEXT", "", UnsupportedByChannel, "PDF"),
        (picture("PNG"), "VIDEO", "", UnsupportedByChannel, "MP4"),
        (b"\xff\xd8\xff" + bytes(5 * 1024 * 1024), "TEXT", "", TooLarge, "5,0"),
        (recording("ogg"), "VOICE", "Ouça", BadRequest, "."),
        (picture("PNG"), "TEXT", "a" * 1025, TooLarge, "1024"),
        (picture("PNG"), "LOCATION", "", BadRequest, "."),
    ],
)
def test_what_whatsapp_would_refuse_is_refused_with_advice(
    acme: Company, content: bytes, kind: str, words: str, error: type[Exception], advice: str
) -> None:
    conversation = writes(acme)
    with tenant_scope(acme.tenant):
        file = upload(acme, content)
        with pytest.raises(error, match=advice):
            send_message(
                conversation_for(acme.ana, conversation.pk),
                by=acme.ana,
                type=MessageType(kind),
                content=words,
                attachment_ids=(file.pk,),
            )
        file.refresh_from_db()
        assert file.message is None


def test_whatsapp_takes_one_file_a_message_and_only_ones_own(acme: Company) -> None:
    conversation = writes(acme)
    with tenant_scope(acme.tenant):
        row = conversation_for(acme.ana, conversation.pk)
        both = (upload(acme).pk, upload(acme, picture()).pk)
        with pytest.raises(BadRequest):
            send_message(row, by=acme.ana, attachment_ids=both)
        with pytest.raises(NotFound):
            send_message(row, by=acme.caio, attachment_ids=both[:1])


def test_preview_is_made_when_the_file_is_sent(acme: Company) -> None:
    conversation = writes(acme)
    with tenant_scope(acme.tenant):
        unsent, sent = upload(acme, picture()), upload(acme, film(), "filme.mp4")
        message = send_message(conversation_for(acme.ana, conversation.pk), by=acme.ana, attachment_ids=(sent.pk,))
        assert not sent.thumbnail
    for file in (unsent, sent):
        make_preview(str(acme.tenant.pk), str(file.pk))
        make_preview(str(acme.tenant.pk), str(file.pk))
    with tenant_scope(acme.tenant):
        sent.refresh_from_db()
        unsent.refresh_from_db()
        message.refresh_from_db()
        assert (sent.width, sent.height, bool(sent.thumbnail), bool(unsent.thumbnail)) == (320, 240, True, False)
        assert message.version == 2
        again = upload(acme, film(), "outro.mp4")
        assert (again.thumbnail.name, again.next_attempt_at) == (sent.thumbnail.name, None)
    make_previews_again()
