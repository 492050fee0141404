"""Reads worth naming."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from conversations.errors import NotFound
from conversations.models import Conversation
from whatsapp.models import APPROVED, Number, Template


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """Templates by name, and the cursor of the next page (None on the last)."""

    items: list[Template]
    cursor: str | None


def templates(number_id: UUID) -> QuerySet[Template]:
    """What can be sent over a number, by name. Raises NotFound for a number that is not here."""
    waba_id = Number.objects.filter(pk=number_id).values_list("waba_id", flat=True).first()
    if waba_id is None:
        raise NotFound(fields={"numberId": _("There is no such number.")})
    return _sendable(waba_id).order_by("name", "language", "id")


def template_page(number_id: UUID, *, search: str = "", cursor: UUID | None = None, limit: int) -> TemplatePage:
    """A page of them: those with every word of `search` in their name or text. Raises NotFound."""
    rows = templates(number_id)
    found = _after(rows, cursor) if cursor else rows
    for word in search.split():
        found = found.filter(Q(name__icontains=word) | Q(body__icontains=word))
    items = list(found[: limit + 1])
    return TemplatePage(items[:limit], str(items[limit - 1].pk) if items[limit:] else None)


def page_for(conversation: Conversation, *, search: str, limit: int) -> TemplatePage:
    """The first page of what can be sent into a conversation: nothing without a number."""
    number_id = conversation.number_id
    return template_page(number_id, search=search, limit=limit) if number_id else TemplatePage([], None)


def _after(rows: QuerySet[Template], template_id: UUID) -> QuerySet[Template]:
    last = rows.filter(pk=template_id).first()
    if last is None:
        raise NotFound(fields={"cursor": _("This page is not there any more: begin again.")})
    return rows.filter(Q(name__gt=last.name) | Q(name=last.name, language__gt=last.language))


def template_for(number: Number | None, name: str, language: str) -> Template | None:
    """One that can be sent over a number."""
    return _sendable(number.waba_id).filter(name=name, language=language).first() if number else None


def _sendable(waba_id: str) -> QuerySet[Template]:
    return Template.objects.filter(waba_id=waba_id, status=APPROVED, is_sendable=True)
