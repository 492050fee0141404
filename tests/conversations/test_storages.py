"""Files in a bucket: the same as in a folder, against a server that speaks S3."""

import io
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pytest_django.fixtures import Settings

from conversations.actions import add_part, begin_upload, discard, upload_file
from conversations.models import Attachment
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.machines import Machine

CONTENT = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, settings: Settings) -> Iterator[Any]:
    keys = {"endpoint_url": s3, "region_name": "us-east-1"}
    login = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    bucket = boto3.resource("s3", **keys, **login).Bucket("recado")
    bucket.create()
    options = {"bucket_name": "recado", "access_key": "test", "secret_key": "test", "file_overwrite": False, **keys}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "conversations.storages.BucketFiles", "OPTIONS": options},
    }
    yield bucket
    bucket.objects.all().delete()


def names(bucket: Any) -> list[str]:
    return [each.key for each in bucket.objects.all()]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_upload_is_kept_handed_out_in_parts_and_removed(bucket: Any, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        made = upload_file(io.BytesIO(CONTENT), by=acme.ana, filename="dados.bin")
        assert names(bucket) == [f"{acme.tenant.pk}/{made.pk}/file"]
    ana: Any = Machine(acme.ana)
    assert b"".join(ana.get(f"/attachments/{made.pk}/").streaming_content) == CONTENT
    part = ana.get(f"/attachments/{made.pk}/", headers={"Range": "bytes=10-19"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, CONTENT[10:20])
    with tenant_scope(acme.tenant):
        discard(made)
    assert names(bucket) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_parts_are_put_together(bucket: Any, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        upload = begin_upload(by=acme.ana, length=len(CONTENT))
        for start in (0, 5000):
            part = CONTENT[start : start + 5000] if start == 0 else CONTENT[5000:]
            add_part(upload, io.BytesIO(part), offset=start, size=len(part))
        made = Attachment.objects.get(pk=upload.pk)
        with made.file.open("rb") as file:
            assert file.read() == CONTENT
    assert names(bucket) == [f"{acme.tenant.pk}/{made.pk}/file"]
