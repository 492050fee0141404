"""Uploading, finding, fetching and deleting files."""

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from simulator import files
from simulator.bodies import Json
from simulator.errors import GraphError, invalid
from simulator.graph.edge import endpoint
from simulator.models import Medium, Number

URL_SECONDS = 300
signer = signing.TimestampSigner(salt="attachment")


@endpoint("POST")
def upload(request: HttpRequest, number_id: str) -> Json:
    """Keep a file of the business under an id of its own."""
    if request.POST.get("messaging_product") != "whatsapp":
        raise invalid("The parameter messaging_product is required.")
    uploaded = request.FILES.get("file")
    if not isinstance(uploaded, UploadedFile):
        raise invalid("The parameter file is required.")
    mime_type = uploaded.content_type or request.POST.get("type", "")
    files.check_upload(mime_type, uploaded.size or 0)
    kept = files.keep(Number.called(number_id), uploaded.read(), mime_type, uploaded.name or "")
    return {"id": kept.media_id}


def describe(request: HttpRequest, kept: Medium) -> Json:
    """Where a file can be fetched in the next five minutes."""
    owner = request.GET.get("phone_number_id")
    if owner and owner != kept.number_id:
        raise GraphError(100, "(#100) Param phone_number_id does not own this media.")
    address = reverse("attachment", args=[signer.sign(kept.media_id)])
    return {
        "messaging_product": "whatsapp",
        "url": request.build_absolute_uri(address),
        "mime_type": kept.mime_type,
        "sha256": kept.sha256,
        "file_size": kept.size,
        "id": kept.media_id,
    }


@endpoint("GET")
def download(_request: HttpRequest, ticket: str) -> HttpResponse:
    """The bytes, for a ticket not older than five minutes."""
    try:
        kept = Medium.objects.get(media_id=signer.unsign(ticket, max_age=URL_SECONDS))
    except (signing.BadSignature, Medium.DoesNotExist) as error:
        raise GraphError(100, "URL signature expired", http_status=404) from error
    response = HttpResponse(kept.data, content_type=kept.mime_type)
    response["Content-Disposition"] = "attachment"
    return response
