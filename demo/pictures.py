"""Files for demo messages, drawn here so that none has to be shipped."""

import io
import math
import struct
import wave

from PIL import Image, ImageDraw, ImageFont

_SIZE = (960, 720)
_PAPER = (595, 842)  # A4 at 72 dpi


def picture(caption: str) -> bytes:
    """A JPEG: a soft gradient with a lamp-like shape and a caption, different for every caption."""
    seed = sum(map(ord, caption))
    image = Image.new("RGB", _SIZE)
    draw = ImageDraw.Draw(image)
    for y in range(_SIZE[1]):
        share = y / _SIZE[1]
        draw.line([(0, y), (_SIZE[0], y)], fill=_mix((seed * 37) % 360, share))
    x, y = 200 + seed % 400, 180 + seed % 120
    draw.ellipse((x, y, x + 260, y + 260), fill=(250, 240, 220))
    draw.rectangle((x + 118, y + 250, x + 142, 640), fill=(90, 70, 60))
    draw.rounded_rectangle((x + 30, 630, x + 230, 656), 12, fill=(90, 70, 60))
    draw.text((40, 40), caption, fill=(40, 40, 40), font=ImageFont.load_default(36))
    return _saved(image, "JPEG")


def _mix(hue: int, share: float) -> tuple[int, int, int]:
    base = [math.cos(math.radians(hue + shift)) * 30 + 200 for shift in (0, 120, 240)]
    red, green, blue = (int(level - 60 * share) for level in base)
    return red, green, blue


def document(title: str) -> bytes:
    """A one-page PDF with a title and ruled lines."""
    page = Image.new("RGB", _PAPER, "white")
    draw = ImageDraw.Draw(page)
    draw.text((60, 60), title, fill="black", font=ImageFont.load_default(22))
    for line in range(24):
        draw.line((60, 120 + line * 28, 535, 120 + line * 28), fill=(210, 210, 210))
    return _saved(page, "PDF")


def voice(seconds: int) -> bytes:
    """A WAV that hums up and down like somebody who is thinking."""
    rate = 8000
    frames = (
        int(9000 * math.sin(2 * math.pi * (180 + 60 * math.sin(second * 2.1)) * second) * abs(math.sin(second * 3)))
        for second in (sample / rate for sample in range(seconds * rate))
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, rate, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", frame) for frame in frames))
    return file.getvalue()


def _saved(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, quality=85)
    return file.getvalue()
