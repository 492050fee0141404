"""Files that go with messages: brought in one request, looked at, linked to, thrown away before they are sent."""

from http import HTTPStatus
from typing import IO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.schema import FILE, describe
from conversations import actions, links, queries
from conversations.actions.uploading import check_size
from conversations.errors import BadRequest
from conversations.serializers import attachment_object, exact_moment
from events.objects import AttachmentObject, WireObject

ENVELOPE = 64 * 1024  # bytes that a multipart body may have beside its file


class FileLinks(WireObject, frozen=True):
    """Addresses that work without signing in until `expires_at`."""

    url: str
    thumbnail_url: str | None
    expires_at: str


class AttachmentsView(Endpoint):
    """Files on their way into a message."""

    parser_classes = (MultiPartParser,)

    @describe("uploadFile", upload=FILE, returns=AttachmentObject, status=201)
    def post(self, request: Request) -> Response:
        """Upload a file in one go. Larger ones may come in parts: /api/uploads (tus)."""
        check_size(max(1, int(request.META.get("CONTENT_LENGTH") or 0) - ENVELOPE))
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise BadRequest(fields={"file": _("Attach a file.")})
        made = actions.upload_file(
            cast("IO[bytes]", file), by=self.me, filename=file.name or "", declared=file.content_type or ""
        )
        return Response(attachment_object(made), HTTPStatus.CREATED)


class AttachmentView(Endpoint):
    """One file."""

    @describe("getAttachment", returns=AttachmentObject)
    def get(self, request: Request, attachment_id: UUID) -> Response:
        """Get what is known of a file: of a message that you may see, or of your own upload."""
        return Response(attachment_object(queries.attachment_for(self.me, attachment_id)))

    @describe("discardAttachment", status=204)
    def delete(self, request: Request, attachment_id: UUID) -> Response:
        """Throw away what you uploaded and have not sent."""
        actions.discard(queries.attachment_for(self.me, attachment_id))
        return Response(status=HTTPStatus.NO_CONTENT)


class AttachmentLinkView(Endpoint):
    """Addresses of a file for players and apps that cannot prove who asks."""

    @describe("linkAttachment", returns=FileLinks, status=201)
    def post(self, request: Request, attachment_id: UUID) -> Response:
        """Get addresses of a file that work without signing in, for a while."""
        attachment = queries.attachment_for(self.me, attachment_id)
        url, expires_at = links.make(attachment)
        small = links.make(attachment, thumbnail=True)[0] if attachment.thumbnail else None
        return Response(
            FileLinks(
                url=f"{settings.SITE_URL}{url}",
                thumbnail_url=f"{settings.SITE_URL}{small}" if small else None,
                expires_at=exact_moment(expires_at),
            ),
            HTTPStatus.CREATED,
        )
