"""The words of a template. Templates are WhatsApp's, which is above this app, so it is asked through a setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from conversations.models import Attachment, Conversation
from conversations.requests import TemplateDraft


@dataclass(frozen=True, slots=True)
class Worded:
    """What is kept of a template that was filled in: its text, and `metadata` to show and to send it by."""

    content: str
    metadata: dict[str, Any]


class Wording(Protocol):
    """Fills a template in for a conversation. Raises NotFound, BadRequest, and what its file is refused with."""

    def __call__(self, conversation: Conversation, draft: TemplateDraft, files: Sequence[Attachment]) -> Worded: ...


@cache
def _wording() -> Wording:
    found: Wording = import_string(settings.TEMPLATE_WORDING)
    return found


def word(conversation: Conversation, draft: TemplateDraft, files: Sequence[Attachment]) -> Worded:
    """The template with everything filled in."""
    return _wording()(conversation, draft, files)
