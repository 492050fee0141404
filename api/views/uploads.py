"""Files that come in parts and go on where they stopped: tus 1.0.0 (https://tus.io/protocols/resumable-upload).

Core, creation, termination, checksum and expiration. The id of an upload is the id of the attachment that it becomes.
"""

import base64
import binascii
import hashlib
import tempfile
from http import HTTPStatus
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.schema import PART, describe, header
from conversations import actions, queries
from conversations.errors import BadRequest
from conversations.models import Upload

VERSION = "1.0.0"
PART_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,termination,checksum,expiration"
ALGORITHMS = ("sha256", "sha1", "md5")
CHECKSUM_MISMATCH = 460  # tus's own
CHUNK = 256 * 1024
LONGEST_NUMBER = 16  # digits

RESUMABLE = header("Tus-Resumable", "The version of the protocol: 1.0.0.", required=True)
LENGTH = header("Upload-Length", "Bytes of the whole file.", required=True)
METADATA = header("Upload-Metadata", "`filename` and `filetype`, each followed by its value in base64, by commas.")
OFFSET = header("Upload-Offset", "Bytes that are there already.", required=True)
CHECKSUM = header("Upload-Checksum", "`sha256`, `sha1` or `md5`, a space, and the digest of this part in base64.")


class WrongVersion(APIException):
    """A client of another version of the protocol."""

    status_code = HTTPStatus.PRECONDITION_FAILED


class TusEndpoint(Endpoint):
    """What all answers of the protocol have in common."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise WrongVersion(_("This server speaks tus 1.0.0: say so in Tus-Resumable."))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = response["Tus-Version"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    @describe("describeUploads", status=204)
    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        """Say what this server can: `Tus-Version`, `Tus-Extension`, `Tus-Max-Size`, `Tus-Checksum-Algorithm`."""
        about = {
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.UPLOAD_LIMIT),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
        return Response(status=HTTPStatus.NO_CONTENT, headers=about)


class UploadsView(TusEndpoint):
    """Files that come in parts."""

    @describe("beginUpload", status=201, headers=(RESUMABLE, LENGTH, METADATA))
    def post(self, request: Request) -> Response:
        """Announce a file. `Location` says where its parts go, `Upload-Expires` until when."""
        named = _metadata(request.headers.get("Upload-Metadata", ""))
        length = _number(request, "Upload-Length")
        made = actions.begin_upload(
            by=self.me, length=length, filename=named.get("filename", ""), declared=named.get("filetype", "")
        )
        place = reverse("api:upload", args=[made.pk])
        return Response(status=HTTPStatus.CREATED, headers={"Location": place, **_state(made)})


class UploadView(TusEndpoint):
    """A file that comes in parts."""

    def head(self, request: Request, upload_id: UUID) -> Response:
        """Say how much of it is here."""
        upload = queries.upload_for(self.me, upload_id)
        return Response(status=HTTPStatus.OK, headers={"Upload-Length": str(upload.length), **_state(upload)})

    @describe("continueUpload", upload=PART, status=204, headers=(RESUMABLE, OFFSET, CHECKSUM))
    def patch(self, request: Request, upload_id: UUID) -> Response:
        """Send the next part. After the last one the upload is an attachment with the same id."""
        if request.content_type not in {PART_TYPE, ""}:  # an empty part needs none
            raise UnsupportedMediaType(request.content_type)
        upload, offset = queries.upload_for(self.me, upload_id), _number(request, "Upload-Offset")
        with tempfile.TemporaryFile() as part:
            size, is_whole = _receive(request, part, limit=upload.length - upload.offset)
            if not is_whole:
                return Response(status=CHECKSUM_MISMATCH)
            upload = actions.add_part(upload, part, offset=offset, size=size)
        return Response(status=HTTPStatus.NO_CONTENT, headers=_state(upload))

    @describe("endUpload", status=204, headers=(RESUMABLE,))
    def delete(self, request: Request, upload_id: UUID) -> Response:
        """Forget the upload, and the attachment it has become unless that was sent."""
        actions.end_upload(queries.upload_for(self.me, upload_id))
        return Response(status=HTTPStatus.NO_CONTENT)


def _receive(request: Request, part: IO[bytes], *, limit: int) -> tuple[int, bool]:
    """Bytes of the body, written to `part` (at most one more than `limit`), and whether its checksum is right."""
    algorithm, expected = _checksum(request.headers.get("Upload-Checksum", ""))
    digest, size = hashlib.new(algorithm, usedforsecurity=False), 0
    body = request._request  # noqa: SLF001  Django's: a stream on disk; DRF sees none without a Content-Length
    while size <= limit and (chunk := body.read(CHUNK)):
        digest.update(chunk)
        size += part.write(chunk)
    return size, expected is None or digest.digest() == expected


def _checksum(header: str) -> tuple[str, bytes | None]:
    if not header:
        return "sha256", None
    algorithm, _space, value = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadRequest(fields={"Upload-Checksum": _("One of sha256, sha1, md5, and the digest in base64.")})
    return algorithm, _decoded(value, "Upload-Checksum")


def _metadata(header: str) -> dict[str, str]:
    """Keys and values of Upload-Metadata. Raises BadRequest."""
    found: dict[str, str] = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        name, _space, value = pair.partition(" ")
        found[name] = _decoded(value, "Upload-Metadata").decode("utf-8", "replace").replace("\0", "")
    return found


def _decoded(value: str, name: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise BadRequest(fields={name: _("This is not base64.")}) from error


def _number(request: Request, name: str) -> int:
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdecimal() and len(value) < LONGEST_NUMBER):
        raise BadRequest(fields={name: _("A number of bytes.")})
    return int(value)


def _state(upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(upload.expires_at.timestamp())}
