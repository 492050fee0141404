"""Addresses of files that work without signing in and expire: for players and apps that cannot send a header.

The tenant stands in what is signed: a link opens that file of that tenant and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from conversations.models import Attachment

_SALT = "conversations.links"
_THUMBNAIL, _FILE = "t", "f"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is for."""

    tenant_id: UUID
    attachment_id: UUID
    is_thumbnail: bool


def make(attachment: Attachment, *, thumbnail: bool = False) -> tuple[str, datetime]:
    """The path of a link and when it expires."""
    expires_at = timezone.now() + timedelta(minutes=settings.FILE_LINK_MINUTES)
    named = [str(attachment.tenant_id), str(attachment.pk), _THUMBNAIL if thumbnail else _FILE]
    signed = signing.dumps([*named, int(expires_at.timestamp())], salt=_SALT)
    return reverse("file_link", args=[signed]), expires_at


def read(link: str) -> Link | None:
    """What a link is for; None when it is forged or has expired."""
    try:
        tenant_id, attachment_id, kind, expires = signing.loads(link, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    if timezone.now().timestamp() > expires:
        return None
    return Link(UUID(tenant_id), UUID(attachment_id), kind == _THUMBNAIL)
