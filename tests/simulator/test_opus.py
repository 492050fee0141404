"""WebM recordings put into Ogg."""

import struct

import pytest

from simulator.opus import to_ogg

HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
UNKNOWN = b"\x01" + b"\xff" * 7
FRAMES = [b"\xfc" + bytes(300), b"\xfc\x01\x02", b"\xfd" + bytes(10)]  # 20 ms, 20 ms, 2 × 20 ms


def element(name: bytes, content: bytes, *, size: bytes | None = None) -> bytes:
    return name + (size or struct.pack(">Q", len(content) | 1 << 56)) + content


def webm(head: bytes = HEAD, frames: list[bytes] = FRAMES) -> bytes:
    """As MediaRecorder streams it: segment and clusters of unknown size."""
    track = element(b"\xae", element(b"\xd7", b"\x01") + element(b"\x63\xa2", head))
    blocks = b"".join(element(b"\xa3", b"\x81\x00\x00\x80" + frame) for frame in frames)
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\x00") + blocks, size=UNKNOWN)
    segment = element(b"\x18\x53\x80\x67", element(b"\x16\x54\xae\x6b", track) + cluster, size=UNKNOWN)
    return element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm") + segment


def pages(ogg: bytes) -> list[tuple[int, int, bytes]]:
    """Flags, position and packet of each page."""
    found = []
    while ogg:
        assert ogg.startswith(b"OggS")
        flags, position, count = ogg[5], struct.unpack_from("<q", ogg, 6)[0], ogg[26]
        length = sum(ogg[27 : 27 + count])
        found.append((flags, position, ogg[27 + count : 27 + count + length]))
        ogg = ogg[27 + count + length :]
    return found


def test_every_packet_is_kept_with_its_position() -> None:
    head, tags, *sound = pages(to_ogg(webm()))

    assert head == (2, 0, HEAD)
    assert tags[2].startswith(b"OpusTags")
    assert [packet for _, _, packet in sound] == FRAMES
    assert [position for _, position, _ in sound] == [960, 1920, 3840]
    assert [flags for flags, _, _ in sound] == [0, 0, 4]


@pytest.mark.parametrize("data", [b"", b"RIFF....WAVE", webm(head=b"vorbis"), webm(frames=[]), webm()[:40]])
def test_what_is_no_opus_recording_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"Opus|WebM|unknown"):
        to_ogg(data)
