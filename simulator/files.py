"""Files on their way between phones and the business, under Meta's rules."""

import hashlib

from simulator.errors import GraphError, invalid
from simulator.models import Medium, Number

MEGABYTE = 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument"
# kind: (largest size, MIME types)
ALLOWED = {
    "image": (5 * MEGABYTE, ["image/jpeg", "image/png"]),
    "audio": (16 * MEGABYTE, ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"]),
    "video": (16 * MEGABYTE, ["video/mp4", "video/3gpp"]),
    "sticker": (MEGABYTE // 2, ["image/webp"]),
    "document": (
        100 * MEGABYTE,
        [
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            f"{OFFICE}.wordprocessingml.document",
            f"{OFFICE}.spreadsheetml.sheet",
            f"{OFFICE}.presentationml.presentation",
        ],
    ),
}


def keep(number: Number, data: bytes, mime_type: str, filename: str = "") -> Medium:
    """Store the file under a new media id."""
    digest = hashlib.sha256(data).hexdigest()
    return Medium.objects.create(
        number=number, mime_type=mime_type, filename=filename, sha256=digest, size=len(data), data=data
    )


def check_upload(mime_type: str, size: int) -> None:
    """Raise what Meta answers to a file of a type or size that it does not take."""
    plain = plain_type(mime_type)
    largest = next((largest for largest, types in ALLOWED.values() if plain in types), None)
    if largest is None:
        types = ", ".join(name for _, names in ALLOWED.values() for name in names)
        raise invalid(
            f"Param file must be a file with one of the following types: {types}. Received file of type '{plain}'."
        )
    if size > largest:
        raise GraphError(131053, "(#131053) Media upload error", f"File is {size} bytes, the limit is {largest}.")


def message_type(mime_type: str) -> str:
    """As what a customer's phone sends such a file."""
    kind = plain_type(mime_type).partition("/")[0]
    return kind if kind in ("image", "video", "audio") else "document"


def plain_type(mime_type: str) -> str:
    """The MIME type without its parameters."""
    return mime_type.partition(";")[0].strip().lower()
