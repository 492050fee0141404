"""A browser's voice recording (Opus in WebM) put into Ogg, the container WhatsApp's voice notes have.

Nothing is encoded again: the Opus packets are lifted out of the one container (RFC 8794, Matroska) and laid
into the other (RFC 3533, RFC 7845).
"""

import struct
from collections.abc import Iterator

SEGMENT, CLUSTER, TRACKS, TRACK_ENTRY, BLOCK_GROUP = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0xA0
CODEC_PRIVATE, SIMPLE_BLOCK, BLOCK = 0x63A2, 0xA3, 0xA1
CONTAINERS = {SEGMENT, CLUSTER, TRACKS, TRACK_ENTRY, BLOCK_GROUP}
UNKNOWN_SIZES = {(1 << 7 * length) - 1 for length in range(1, 9)}
SERIAL = 0x5EC0AD0
FIRST, LAST = 2, 4
# Samples at 48 kHz of one frame, by the configuration number in a packet's first byte (RFC 6716, 3.1).
FRAME_SAMPLES = [480, 960, 1920, 2880] * 3 + [480, 960] * 2 + [120, 240, 480, 960] * 4


def to_ogg(webm: bytes) -> bytes:
    """The same sound as an Ogg file. Raises ValueError when there is no Opus in it."""
    header, packets = b"", []
    for element, payload in _elements(webm):
        if element == CODEC_PRIVATE:
            header = payload
        elif element in (SIMPLE_BLOCK, BLOCK):
            packets.append(_packet(payload))
    if not header.startswith(b"OpusHead") or not packets:
        raise ValueError("no Opus track in this recording")
    return _ogg(header, packets)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every leaf element; a container is simply walked into, so its end and unknown sizes do not matter."""
    at = 0
    while at < len(data) - 1:
        element, at = _number(data, at, keep_marker=True)
        size, at = _number(data, at, keep_marker=False)
        if element in CONTAINERS:
            continue
        if size in UNKNOWN_SIZES:
            raise ValueError("a leaf of unknown size")
        yield element, data[at : at + size]
        at += size


def _number(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """A variable-length number and the position after it."""
    if at >= len(data) or data[at] == 0:
        raise ValueError("not WebM")
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length])
    return (value if keep_marker else value & ((1 << 7 * length) - 1)), at + length


def _packet(block: bytes) -> bytes:
    """The frame in a block, after track number, time code and flags."""
    _, at = _number(block, 0, keep_marker=False)
    return block[at + 3 :]


def _samples(packet: bytes) -> int:
    """How long a packet sounds."""
    frames = {0: 1, 1: 2, 2: 2}.get(packet[0] & 3) or (packet[1] & 63)
    return FRAME_SAMPLES[packet[0] >> 3] * frames


def _ogg(header: bytes, packets: list[bytes]) -> bytes:
    """One page a packet: some bytes more than needed, and no packet ever crosses pages."""
    vendor = b"recado"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    pages = [_page(header, 0, 0, FIRST), _page(tags, 0, 1, 0)]
    position = 0
    for number, packet in enumerate(packets, start=2):
        position += _samples(packet)
        is_last = number == len(packets) + 1
        pages.append(_page(packet, position, number, LAST if is_last else 0))
    return b"".join(pages)


def _page(packet: bytes, position: int, number: int, flags: int) -> bytes:
    lacing = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    head = struct.pack("<4sBBqII", b"OggS", 0, flags, position, SERIAL, number)
    tail = bytes([len(lacing)]) + lacing + packet
    return head + struct.pack("<I", _checksum(head + bytes(4) + tail)) + tail


def _checksum(data: bytes) -> int:
    """Ogg's CRC-32: neither reflected nor inverted, so not zlib's."""
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFFFFFFFF) ^ TABLE[crc >> 24 ^ byte]
    return crc


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return table


TABLE = _table()
