"""The files in the chat, for the phone's own screen."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from simulator.models import Medium

INLINE = ("image/", "audio/", "video/")


@require_GET
def medium(request: HttpRequest, media_id: str) -> HttpResponse:
    """A file or the part of it that is asked for; what is neither picture, sound nor film is downloaded."""
    kept = get_object_or_404(Medium, pk=media_id)
    response = _part(bytes(kept.data), request.headers.get("Range", ""))
    is_inline = kept.mime_type.startswith(INLINE) and "svg" not in kept.mime_type
    response.headers["Content-Type"] = kept.mime_type
    response.headers["Content-Disposition"] = "inline" if is_inline else "attachment"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _part(data: bytes, asked: str) -> HttpResponse:
    """Players seek, and learn how long a sound is, by asking for parts."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked)
    if not found or not any(found.groups()):
        return HttpResponse(data)
    first, last = found.groups()
    start = int(first) if first else max(len(data) - int(last), 0)
    part = data[start : int(last) + 1] if first and last else data[start:]
    if not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    place = f"bytes {start}-{start + len(part) - 1}/{len(data)}"
    return HttpResponse(part, status=206, headers={"Content-Range": place})
