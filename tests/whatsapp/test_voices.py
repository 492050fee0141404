"""Voice notes: whatever a browser recorded, WhatsApp gets Opus with one channel in Ogg."""

import io

import av
import pytest

from tests.files import film, recording
from whatsapp.voices import NotSound, as_voice


@pytest.mark.parametrize(
    ("kind", "codec", "layout"),
    [
        ("webm", "libopus", "stereo"),
        ("webm", "libopus", "mono"),
        ("mp4", "aac", "mono"),
        ("ogg", "libopus", "stereo"),
        ("mp3", "libmp3lame", "mono"),
        ("adts", "aac", "mono"),
    ],
)
def test_recording_becomes_a_voice_note(kind: str, codec: str, layout: str) -> None:
    made = as_voice(io.BytesIO(recording(kind, codec, layout)), io.BytesIO())
    with av.open(made, "r", format="ogg") as voice:
        (stream,) = voice.streams.audio
        assert (stream.codec_context.name, stream.channels) == ("opus", 1)
        assert 0.9 < sum(frame.samples for frame in voice.decode(stream)) / stream.rate < 1.2


def test_voice_note_stays_as_it_is() -> None:
    recorded = io.BytesIO(recording("ogg", "libopus", "mono"))
    assert as_voice(recorded, io.BytesIO()) is recorded
    assert recorded.tell() == 0


@pytest.mark.parametrize("content", [b"", b"no sound at all", film(), recording("webm")[:50]])
def test_what_holds_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(NotSound):
        as_voice(io.BytesIO(content), io.BytesIO())
