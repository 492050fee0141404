"""Small pictures of pictures and of films, without the original's metadata. Decoding is for workers."""

import io
import logging
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps

from conversations.sniffing import FILMS

PIXEL_LIMIT = 50_000_000  # a picture beyond that is not decoded: no thumbnail
THUMBNAIL = (640, 640)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Preview:
    """Pixels of the original, as it is shown, and a small WebP of it; None for what could not be found out."""

    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None


def preview(file: IO[bytes], mime_type: str) -> Preview:
    """Of a picture, or of a film's first frame; empty for what cannot be read. Moves the file's position."""
    file.seek(0)
    try:
        with _film(file, FILMS[mime_type]) if mime_type in FILMS else Image.open(file) as image:
            return _preview(image)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        logger.info("No preview could be made: %s", error)
        return Preview()


def _preview(image: Image.Image) -> Preview:
    if image.width * image.height > PIXEL_LIMIT:
        return Preview(image.width, image.height)
    upright = ImageOps.exif_transpose(image)
    width, height = upright.size
    upright.thumbnail(THUMBNAIL)
    small = io.BytesIO()
    upright.convert("RGBA" if "A" in upright.getbands() else "RGB").save(small, "WEBP", quality=80)
    return Preview(width, height, small.getvalue())


def _film(file: IO[bytes], kind: str) -> Image.Image:
    from conversations.films import first_frame  # noqa: PLC0415  20 MB of FFmpeg that web processes have no use for

    return first_frame(file, kind, pixels=PIXEL_LIMIT)
