"""Files of customers: fetched as long as Meta keeps them."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from conversations.models import Attachment, AttachmentState
from tests.cast import Company
from tests.meta import Meta
from tests.webhooks import body, value
from whatsapp import graph, media
from whatsapp.models import Number

Deliver = Callable[[bytes], None]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def arrives(deliver: Deliver, media_id: str = "m1") -> Attachment:
    """A customer sends a picture."""
    image = {"id": media_id, "mime_type": "image/png"}
    deliver(body(value({"from": "5511888888888", "id": "w1", "timestamp": "1", "type": "image", "image": image})))
    return Attachment.objects.select_related("message").get()


def stands() -> tuple[str, datetime | None]:
    attachment = Attachment.objects.get()
    return attachment.state, attachment.next_attempt_at


def due_in(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def test_file_waits_for_a_number_that_has_to_be_connected_again(in_acme: Company, deliver: Deliver) -> None:
    Number.objects.update(access_token="")
    attachment = arrives(deliver)
    assert media.fetch(attachment) == media.FIRST_WAIT
    assert stands()[0] == AttachmentState.PENDING


def test_file_is_tried_every_hour_for_as_long_as_meta_keeps_it(
    in_acme: Company, deliver: Deliver, settings: Settings
) -> None:
    settings.GRAPH_URL = "http://127.0.0.1:9"
    arrives(deliver)
    Attachment.objects.update(attempts=30, created_at=timezone.now() - timedelta(days=6))
    assert media.fetch(Attachment.objects.select_related("message").get()) is None
    state, again = stands()
    assert state == AttachmentState.PENDING
    assert again is not None
    assert due_in(3000) < again <= due_in(3600)
    Attachment.objects.update(next_attempt_at=timezone.now(), created_at=timezone.now() - timedelta(days=8))
    media.fetch(Attachment.objects.select_related("message").get())
    assert stands() == (AttachmentState.FAILED, None)


def test_file_that_meta_has_not_got_is_given_up_at_once(in_acme: Company, deliver: Deliver, meta: Meta) -> None:
    assert media.fetch(arrives(deliver, "unknown")) is None
    assert stands() == (AttachmentState.FAILED, None)


def test_file_is_nobody_elses_while_a_worker_is_busy_with_it(
    in_acme: Company, deliver: Deliver, meta: Meta, settings: Settings
) -> None:
    """One that breaks over it leaves it as it was while it worked."""
    media_id = graph.upload(in_acme.number, io.BytesIO(PNG), filename="a.png", mime_type="image/png")
    settings.MEDIA_ROOT = "/proc/nowhere"
    attachment = arrives(deliver, media_id)
    with pytest.raises(OSError, match="nowhere"):
        media.fetch(attachment)
    state, again = stands()
    assert state == AttachmentState.PENDING
    assert again is not None
    assert again > due_in(media.HOLD.total_seconds() - 60)
    settings.MEDIA_ROOT = str(meta.log.parent)
    Attachment.objects.update(next_attempt_at=timezone.now())
    media.fetch(Attachment.objects.select_related("message").get())
    assert stands() == (AttachmentState.READY, None)
