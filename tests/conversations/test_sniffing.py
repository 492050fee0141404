"""Types of files: by their bytes, whatever anybody says."""

import io

import pytest

from conversations.previews import preview
from conversations.sniffing import sniff
from tests.files import film, picture, recording

ZIP = b"PK\x03\x04" + bytes(60)


@pytest.mark.parametrize(
    ("start", "filename", "declared", "found"),
    [
        (picture("PNG"), "nota.txt", "text/plain", "image/png"),
        (picture("JPEG"), "foto", "", "image/jpeg"),
        (film(), "filme.jpg", "image/jpeg", "video/mp4"),
        (recording("webm"), "", "audio/webm;codecs=opus", "audio/webm"),
        (recording("ogg"), "", "video/mp4", "audio/ogg"),
        (recording("mp4", "aac"), "", "audio/mp4", "audio/mp4"),
        (b"%PDF-1.7\n", "foto.png", "image/png", "application/pdf"),
        (b"<!doctype html><script>alert(1)</script>", "foto.png", "image/png", "text/html"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><svg onload="alert(1)">', "logo.png", "image/png", "image/svg+xml"),
        ("Olá, ação!".encode(), "nota.txt", "", "text/plain"),
        (b"a;b\n1;2\n", "preços.csv", "", "text/csv"),
        (ZIP, "contrato.docx", "", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (ZIP, "tudo.zip", "image/png", "application/zip"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "foto.jpg", "image/jpeg", "application/x-msdownload"),
        (bytes(range(256)), "x.txt", "text/plain", "application/octet-stream"),
        (b"", "", "", "application/octet-stream"),
    ],
)
def test_type_is_found_in_the_bytes(start: bytes, filename: str, declared: str, found: str) -> None:
    assert sniff(start, filename=filename, declared=declared) == found


def test_text_cut_inside_a_character_is_text() -> None:
    assert sniff(b"a" + "ção".encode() * 4000) == "text/plain"


@pytest.mark.parametrize(
    ("content", "mime_type", "size"),
    [(picture("PNG"), "image/png", (800, 600)), (film(), "video/mp4", (320, 240))],
)
def test_preview_of_pictures_and_films_is_a_small_webp(content: bytes, mime_type: str, size: tuple[int, int]) -> None:
    found = preview(io.BytesIO(content), mime_type)
    assert (found.width, found.height) == size
    assert found.thumbnail
    assert sniff(found.thumbnail) == "image/webp"


@pytest.mark.parametrize(
    ("content", "mime_type"),
    [
        (picture("PNG")[:200], "image/png"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "video/mp4"),
        (film()[:300], "video/mp4"),
        (recording("webm"), "video/webm"),
        (b"", "image/jpeg"),
    ],
)
def test_file_that_cannot_be_read_has_no_preview(content: bytes, mime_type: str) -> None:
    assert preview(io.BytesIO(content), mime_type).thumbnail is None
