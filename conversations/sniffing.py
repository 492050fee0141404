"""What a file is, by its own first bytes. What somebody says that it is decides only where bytes cannot."""

import filetype

START = 8192  # bytes that are looked at
UNKNOWN = "application/octet-stream"
# With the format by name, so that FFmpeg does not guess: play lists among its formats name other files and addresses.
FILMS = {"video/mp4": "mp4", "video/quicktime": "mp4", "video/3gpp": "mp4", "video/webm": "matroska"}
_MARKUP = {b"<svg": "image/svg+xml", b"<!doctype html": "text/html", b"<html": "text/html", b"<script": "text/html"}
_SOUND_OR_FILM = {"video/mp4": "audio/mp4", "video/webm": "audio/webm", "video/3gpp": "audio/3gpp"}
_SPELLINGS = {
    "audio/x-wav": "audio/wav",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/x-m4v": "video/mp4",
}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PACKAGES = {
    (b"PK\x03\x04", ".docx"): f"{_OFFICE}.wordprocessingml.document",
    (b"PK\x03\x04", ".xlsx"): f"{_OFFICE}.spreadsheetml.sheet",
    (b"PK\x03\x04", ".pptx"): f"{_OFFICE}.presentationml.presentation",
    (b"\xd0\xcf\x11\xe0", ".doc"): "application/msword",
    (b"\xd0\xcf\x11\xe0", ".xls"): "application/vnd.ms-excel",
    (b"\xd0\xcf\x11\xe0", ".ppt"): "application/vnd.ms-powerpoint",
}
"""Documents of offices share their containers: which one it is stands at their end, and in their name."""
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))


def sniff(start: bytes, *, filename: str = "", declared: str = "") -> str:
    """The MIME type of a file that begins with `start`, without parameters.

    Containers that hold sound as well as film are sound where they are `declared` as that; both are harmless.
    """
    kind = filetype.guess(start[:START])
    if kind is None:
        return _office(start, filename) or _text(start[:START], filename)
    mime_type = _office(start, filename) or _SPELLINGS.get(kind.mime, kind.mime)
    return _SOUND_OR_FILM.get(mime_type, mime_type) if declared.startswith("audio/") else mime_type


def _office(start: bytes, filename: str) -> str | None:
    suffix = filename[filename.rfind(".") :].lower()
    return _PACKAGES.get((start[:4], suffix))


def has_preview(mime_type: str) -> bool:
    """Whether a small picture may be made of such a file."""
    return mime_type in FILMS or (mime_type.startswith("image/") and mime_type != "image/svg+xml")


def _text(start: bytes, filename: str) -> str:
    if not start or start.translate(None, _CONTROL) != start:
        return UNKNOWN
    try:
        start.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.end < len(start):  # else the last character is cut in two
            return UNKNOWN
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    markup = next((mime_type for sign, mime_type in _MARKUP.items() if sign in head), None)
    return markup or ("text/csv" if filename.lower().endswith(".csv") else "text/plain")
