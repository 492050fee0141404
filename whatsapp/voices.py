"""Voice notes as WhatsApp wants them: Opus, one channel, in Ogg (Cloud API, messages/audio-messages).

Chromium records Opus in WebM, Safari AAC in MP4, Firefox what is wanted.
"""

from typing import IO

import av
from av.audio.resampler import AudioResampler
from av.container import InputContainer, OutputContainer

MIME_TYPE = "audio/ogg"
RATE = 48_000
BIT_RATE = 32_000
# By the first bytes, so that FFmpeg does not guess: play lists among its formats name other files to open.
_FORMATS = {
    b"\x1aE\xdf\xa3": "matroska",
    b"OggS": "ogg",
    b"#!AMR": "amr",
    **dict.fromkeys([b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"], "mp3"),
    **dict.fromkeys([b"\xff\xf1", b"\xff\xf9"], "aac"),
}


class NotSound(ValueError):
    """Nothing in the file can be played."""


def as_voice(recording: IO[bytes], made: IO[bytes]) -> IO[bytes]:
    """The recording itself if it is a voice note already, else `made`, filled with one; both from their start.

    Raises NotSound.
    """
    try:
        if _is_voice(recording):
            recording.seek(0)
            return recording
        with _opened(recording) as source, av.open(made, "w", format="ogg") as target:
            _encode(source, target)
    except (av.FFmpegError, ValueError) as error:
        raise NotSound(f"the recording cannot be read: {error}") from error
    made.seek(0)
    return made


def _is_voice(recording: IO[bytes]) -> bool:
    with _opened(recording) as source:
        stream = _sound(source)
        return (source.format.name, stream.codec_context.name, stream.channels) == ("ogg", "opus", 1)


def _opened(recording: IO[bytes]) -> InputContainer:
    recording.seek(0)
    start = recording.read(12)
    recording.seek(0)
    kind = next((name for sign, name in _FORMATS.items() if start.startswith(sign)), "mp4")
    return av.open(recording, "r", format=kind)


def _sound(source: InputContainer) -> "av.AudioStream":
    stream = next(iter(source.streams.audio), None)
    if stream is None:
        raise ValueError("there is no sound in it")
    return stream


def _encode(source: InputContainer, target: OutputContainer) -> None:
    stream = _sound(source)
    voice = target.add_stream("libopus", rate=RATE, layout="mono", bit_rate=BIT_RATE)
    resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
    for frame in source.decode(stream):
        for part in resampler.resample(frame):
            target.mux(voice.encode(part))
    for part in resampler.resample(None):
        target.mux(voice.encode(part))
    target.mux(voice.encode(None))
