"""Looking into films, by FFmpeg's libraries (PyAV)."""

from typing import IO, Any

import av
from PIL import Image


def first_frame(file: IO[bytes], kind: str, *, pixels: int) -> Image.Image:
    """The picture with which a film begins; `kind` is FFmpeg's name of its format. Raises ValueError."""
    try:
        with av.open(file, "r", format=kind) as film:
            stream = next(iter(film.streams.video), None)
            if stream is None or stream.width * stream.height > pixels:
                raise ValueError("no film, or one of too many pixels")
            frame: Any = next(film.decode(stream), None)
            if frame is None:
                raise ValueError("a film without pictures")
            picture: Image.Image = frame.to_image()
            return picture
    except av.FFmpegError as error:
        raise ValueError(str(error)) from error
