"""Small real files of every kind, made when they are wanted."""

import io
from fractions import Fraction
from functools import cache
from typing import Any

import av
from PIL import Image

RATE = 48_000  # samples a second


@cache
def picture(kind: str = "PNG", size: tuple[int, int] = (800, 600), colour: str = "teal") -> bytes:
    """One colour."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return made.getvalue()


@cache
def film(frames: int = 10) -> bytes:
    """MP4, H.264, 320 by 240, one colour."""
    made = io.BytesIO()
    frame: Any = av.VideoFrame
    with av.open(made, "w", format="mp4") as target:
        stream = target.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _number in range(frames):
            target.mux(stream.encode(frame.from_image(Image.new("RGB", (320, 240), "teal"))))
        target.mux(stream.encode(None))
    return made.getvalue()


@cache
def recording(kind: str = "webm", codec: str = "libopus", layout: str = "stereo", seconds: int = 1) -> bytes:
    """Silence, as a browser records it: Chromium in WebM, Safari `mp4` and `aac`, Firefox `ogg`."""
    made = io.BytesIO()
    form = "flt" if codec == "libopus" else "fltp"
    bare = {"id3v2_version": "0"} if kind == "mp3" else {}  # as programs make it: nothing stands before the sound
    with av.open(made, "w", format=kind, options=bare) as target:
        stream: Any = target.add_stream(codec, rate=RATE, layout=layout)
        for number in range(seconds * RATE // 960):
            target.mux(stream.encode(_silence(form, layout, number)))
        target.mux(stream.encode(None))
    return made.getvalue()


def _silence(form: str, layout: str, number: int) -> av.AudioFrame:
    frame = av.AudioFrame(format=form, layout=layout, samples=960)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * 960, Fraction(1, RATE)
    return frame
