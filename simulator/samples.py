"""Files ready to send, made by code: a picture, a voice note, a document."""

import io
import math
import random
import struct
import wave
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

RATE = 16_000
MELODY = [523, 659, 784, 659, 587, 698, 880, 784]
NOTE_SECONDS = 0.3
FONTS = b"<< /Font << /F1 5 0 R >> >>"
PDF_LINES = [
    "Or\xe7amento n\xba 2041",
    "",
    "2 x Cadeira Ip\xea            R$ 498,00",
    "1 x Mesa Jacarand\xe1       R$ 1.290,00",
    "Frete                            R$ 85,00",
    "",
    "Total                      R$ 1.873,00",
]


@dataclass(frozen=True)
class Sample:
    """A file as the phone would send it."""

    data: bytes
    mime_type: str
    filename: str = ""
    is_voice: bool = False


def picture(seed: int | None = None) -> Sample:
    """A landscape, another one each time unless seeded: sky, sun, three ranges of hills."""
    chance = random.Random(seed)  # noqa: S311  (a picture, not a secret)
    width, height = 720, 540
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    base = chance.randrange(360)
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=f"hsl({(base + y // 9) % 360}, 62%, {88 - y * 34 // height}%)")
    x, y, radius = chance.randint(120, 600), chance.randint(80, 190), chance.randint(34, 60)
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill="#fff6d8")
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    for layer in range(3):
        _hills(ImageDraw.Draw(image), chance, layer, base, (width, height))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return Sample(out.getvalue(), "image/png", "foto.png")


def _hills(draw: ImageDraw.ImageDraw, chance: random.Random, layer: int, hue: int, size: tuple[int, int]) -> None:
    width, height = size
    level, phase, length = 300 + layer * 75, chance.random() * 6, chance.uniform(70, 150)
    ridge = [
        (x, level + 34 * math.sin(x / length + phase) + 12 * math.sin(x / 31 + phase)) for x in range(0, width + 8, 8)
    ]
    draw.polygon([(0, height), *ridge, (width, height)], fill=f"hsl({(hue + 150) % 360}, 28%, {46 - layer * 13}%)")


def voice() -> Sample:
    """A little tune; WAV, since nothing here can encode Opus."""
    samples = [_tone(note, i / RATE) for note in MELODY for i in range(int(RATE * NOTE_SECONDS))]
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return Sample(out.getvalue(), "audio/wav", "recado.wav", is_voice=True)


def _tone(frequency: int, second: float) -> int:
    """One sample of a plucked note."""
    loudness = 11_000 * math.exp(-5 * second) * min(second * 200, 1)
    return int(loudness * math.sin(2 * math.pi * frequency * second))


def document() -> Sample:
    """One page of PDF, an offer with three lines."""
    lines = " T* ".join(f"({line})  Tj" for line in PDF_LINES)
    drawing = f"BT /F1 16 Tf 26 TL 72 760 Td {lines} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources " + FONTS + b" >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    return Sample(_pdf(objects), "application/pdf", "Orçamento 2041.pdf")


def _pdf(objects: list[bytes]) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, start = len(objects) + 1, len(out)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


SAMPLES: dict[str, Callable[[], Sample]] = {"picture": picture, "voice": voice, "document": document}
