"""Where files lie: a folder, or a bucket that speaks S3 (settings.STORAGES). Both hand out a part without the rest."""

from collections.abc import Iterator
from typing import Protocol

from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage

CHUNK = 256 * 1024


class Files(Protocol):
    """What both have beyond Django's own storages."""

    def part(self, name: str, start: int, length: int) -> Iterator[bytes]: ...


class LocalFiles(FileSystemStorage):
    """A folder; shared by all machines that serve or work."""

    def part(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """`length` bytes from `start`, in chunks."""
        with self.open(name, "rb") as opened:
            opened.seek(start)
            left = length
            while left > 0 and (chunk := opened.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk


class BucketFiles(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """A bucket. Browsers never see it: what they may do with a file is said in headers of ours."""

    def part(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """`length` bytes from `start`, in chunks, as they come; `open()` would fetch the whole file first."""
        if length > 0:
            answer = self.bucket.Object(name).get(Range=f"bytes={start}-{start + length - 1}")
            yield from answer["Body"].iter_chunks(CHUNK)
