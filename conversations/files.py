"""Handing out files: only what browsers may show is shown, everything else is saved; parts on request."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from conversations.models import Attachment, AttachmentState
from conversations.storages import Files

# Types that cannot run script in a browser. SVG and HTML can, and are saved.
SHOWN = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "image/gif",
        "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/wav", "audio/webm",
        "video/mp4", "video/3gpp", "video/webm", "application/pdf",
    }
)  # fmt: skip
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `start` to `end`, both included (RFC 9110, 14.1.2)."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start + 1


class UnsatisfiableRange(ValueError):
    """A range that begins behind the end."""


def whole(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """An attachment's file, or a part of it. Raises Http404 where there is none (yet)."""
    if attachment.state != AttachmentState.READY:
        raise Http404
    return hand_out(request, attachment.file, attachment.mime_type, attachment.filename or str(attachment.pk))


def small(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """An attachment's thumbnail. Raises Http404 where there is none."""
    return hand_out(request, attachment.thumbnail, "image/webp", f"{attachment.pk}-thumbnail")


def hand_out(request: HttpRequest, file: FieldFile, mime_type: str, filename: str) -> HttpResponseBase:
    """The file, or the part that `Range` asks for. Nothing in it can act on this site. Raises Http404."""
    if not file.name or not file.storage.exists(file.name):
        raise Http404
    kind = mime_type.split(";", maxsplit=1)[0].strip().lower()
    shown = kind in SHOWN
    size = file.size
    try:
        part = _wanted(request.headers.get("Range", ""), size)
    except UnsatisfiableRange:
        return HttpResponse(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{size}"}
        )
    whole = part or Part(0, size - 1)
    response = StreamingHttpResponse(
        _content(request, file, whole), content_type=kind if shown else "application/octet-stream"
    )
    if part:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {part.start}-{part.end}/{size}"
    response["Content-Length"] = str(whole.length)
    response["Content-Disposition"] = content_disposition_header(not shown, filename) or "inline"
    return _confined(response)


def _confined(response: StreamingHttpResponse) -> StreamingHttpResponse:
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _wanted(header: str, size: int) -> Part | None:
    """The one range asked for; None for the whole file, also when several are asked for."""
    found = _RANGE.fullmatch(header.strip())
    if not found or found.groups() == ("", "") or size == 0:
        return None
    first, last = found.groups()
    start = int(first) if first else max(size - int(last), 0)  # without a start: the last n bytes
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or end < start:
        raise UnsatisfiableRange(header)
    return Part(start, end)


def _content(request: HttpRequest, file: FieldFile, part: Part) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Chunks read as they are sent. Under ASGI Django would read a plain iterator whole into memory."""
    chunks = cast("Files", file.storage).part(file.name or "", part.start, part.length)
    return _later(chunks) if isinstance(request, ASGIRequest) else chunks


async def _later(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while chunk := await sync_to_async(_next)(chunks):
        yield chunk


def _next(chunks: Iterator[bytes]) -> bytes:
    return next(chunks, b"")
