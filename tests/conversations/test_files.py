"""Customers' files: who gets them, in which parts, and that nothing in them can act on our pages."""

import asyncio
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse
from django.test import Client
from pytest_django import Settings

from conversations.files import hand_out
from conversations.models import Attachment, AttachmentState
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.customers import newest_message, writes

BODY = bytes(range(256)) * 4


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ana(client: Client, acme: Company) -> Client:
    client.force_login(acme.ana)
    return client


def attach(company: Company, **more: Any) -> str:
    """The address of a file that a customer sent."""
    fields = {
        "state": AttachmentState.READY,
        "mime_type": "audio/ogg; codecs=opus",
        "filename": "nota de voz.ogg",
        **more,
    }
    message = newest_message(company, writes(company))
    with tenant_scope(company.tenant):
        made = Attachment.objects.create(message=message, **fields)
        made.file.save("original", ContentFile(BODY))
        made.thumbnail.save("thumbnail.webp", ContentFile(b"webp"))
    return f"/attachments/{made.pk}/"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_file_comes_whole_and_harmless(ana: Client, acme: Company) -> None:
    answer = ana.get(attach(acme))
    assert body(answer) == BODY
    assert answer["Content-Length"] == "1024"
    assert answer["Content-Type"] == "audio/ogg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"] == 'inline; filename="nota de voz.ogg"'


@pytest.mark.parametrize("mime_type", ["text/html", "image/svg+xml", "application/xml", "", "application/x-msdownload"])
def test_what_could_run_script_is_saved_not_shown(ana: Client, acme: Company, mime_type: str) -> None:
    answer = ana.get(attach(acme, mime_type=mime_type))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_name_of_a_file_cannot_break_the_header(ana: Client, acme: Company) -> None:
    answer = ana.get(attach(acme, filename='a"\r\nSet-Cookie: x=1; ção.pdf'))
    assert "\n" not in answer["Content-Disposition"]
    assert answer.cookies == {}


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-", 0, 1023), ("bytes=10-19", 10, 19), ("bytes=1000-5000", 1000, 1023), ("bytes=-24", 1000, 1023)],
)
def test_players_get_the_part_they_ask_for(ana: Client, acme: Company, wanted: str, start: int, end: int) -> None:
    answer = ana.get(attach(acme), headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/1024"
    assert body(answer) == BODY[start : end + 1]


@pytest.mark.parametrize("wanted", ["bytes=", "bytes=0-1,4-5", "chunks=1-2", "bytes=a-b", f"bytes=0-{'9' * 5000}"])
def test_range_that_is_not_understood_is_ignored(ana: Client, acme: Company, wanted: str) -> None:
    answer = ana.get(attach(acme), headers={"Range": wanted})
    assert answer.status_code == 200
    assert body(answer) == BODY


@pytest.mark.parametrize("wanted", ["bytes=1024-", "bytes=20-10", "bytes=-0"])
def test_range_behind_the_end_is_refused(ana: Client, acme: Company, wanted: str) -> None:
    answer = ana.get(attach(acme), headers={"Range": wanted})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */1024"


def test_thumbnail_is_a_picture(ana: Client, acme: Company) -> None:
    answer = ana.get(attach(acme) + "thumbnail/")
    assert answer["Content-Type"] == "image/webp"
    assert body(answer) == b"webp"


def test_file_that_has_not_come_is_not_found(ana: Client, acme: Company) -> None:
    assert ana.get(attach(acme, state=AttachmentState.PENDING)).status_code == 404


def test_neighbours_and_strangers_get_nothing(client: Client, acme: Company, globex: Company) -> None:
    address = attach(acme)
    assert client.get(address).status_code == 302
    client.force_login(globex.gil)
    assert client.get(address).status_code == 404
    assert client.get(address + "thumbnail/").status_code == 404


def test_file_is_read_in_chunks_under_asgi(acme: Company) -> None:
    """Django would read a plain iterator into memory, whole."""
    address = attach(acme)
    with tenant_scope(acme.tenant):
        file = Attachment.objects.get(pk=address.split("/")[2]).file
    request = ASGIRequest({"type": "http", "method": "GET", "path": address, "headers": []}, BytesIO())
    answer = hand_out(request, file, "audio/ogg", "nota.ogg")
    assert isinstance(answer, StreamingHttpResponse)
    assert answer.is_async
    assert asyncio.run(collected(answer)) == BODY


async def collected(answer: StreamingHttpResponse) -> bytes:
    return b"".join([chunk async for chunk in answer])
