"""Templates kept as Meta has them: fetched whole every hour, when a number is new and when somebody asks; and followed
by webhooks in between.

A number's `templates_due_at` is the queue: a row that is due is fetched, whoever rings for it or not.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from whatsapp import blueprints, graph
from whatsapp.models import APPROVED, Number, NumberState, Template
from whatsapp.payloads import TemplateNews, TemplatePart, as_part, parts_of

FRESH = timedelta(hours=1)
AFTER_TROUBLE = timedelta(seconds=30)
AFTER_NEWS = timedelta(seconds=20)  # a flood of news costs three calls a minute; Meta allows 200 an hour at the least
LONGEST_NAME, LONGEST_WORD = 512, 32

NEWS = {
    "message_template_status_update",
    "message_template_quality_update",
    "message_template_components_update",
    "template_category_update",
}
"""The fields of webhooks that tell of templates."""

UNLIKE_OURS = {"132000", "132001", "132005", "132007", "132008", "132012", "132015", "132016", "132018"}
"""Errors of sends that say: the template is not, or not any more, what we take it for."""

_BACK = {"APPROVED", "REINSTATED"}
_GONE = {"DELETED", "PENDING_DELETION"}
_STAYS = {"FLAGGED"}  # a warning: it can still be sent


def due(now: datetime) -> list[tuple[UUID, str]]:
    """The accounts of the current scope, as (tenant, WABA id), whose templates are to be fetched."""
    rows = Number.objects.filter(templates_due_at__lte=now, state=NumberState.CONNECTED)
    return list(rows.values_list("tenant_id", "waba_id").distinct())


def fetch(waba_id: str) -> bool:
    """Fetch the templates of one of the current tenant's accounts if they are due; whether they were fetched."""
    now = timezone.now()
    account = Number.objects.filter(waba_id=waba_id, state=NumberState.CONNECTED)
    claimed = account.filter(templates_due_at__lte=now).update(templates_due_at=now + FRESH)
    number = account.first() if claimed else None
    if number is None:
        return False
    try:
        store(waba_id, parts_of(TemplatePart, list(graph.templates(number))))
    except graph.GraphError as error:
        _give_up(account, error)
        return False
    account.exclude(templates_problem="").update(templates_problem="")
    return True


def ask(waba_ids: Iterable[str], *, at: datetime | None = None) -> None:
    """Have templates of the current tenant's accounts fetched, at once or not before `at`."""
    Number.objects.filter(waba_id__in=set(waba_ids)).update(templates_due_at=at or timezone.now())


@transaction.atomic
def store(waba_id: str, listed: Iterable[TemplatePart]) -> None:
    """Have exactly these templates. One that is not listed any more is gone."""
    rows = {(row.name, row.language): row for row in (_row(waba_id, part) for part in listed)}
    kept = Template.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["tenant", "waba_id", "name", "language"],
        update_fields=["meta_id", "category", "status", "components", "body", "is_sendable"],
    )
    names = {(row.name, row.language) for row in kept}
    known = Template.objects.filter(waba_id=waba_id).values_list("pk", "name", "language")
    gone = [pk for pk, name, language in known if (name, language) not in names]
    Template.objects.filter(pk__in=gone).delete()


def changed(waba_id: str, value: dict[str, Any]) -> None:
    """Follow news of a template: its status, its category. What only a look at it can tell is fetched soon."""
    news = as_part(TemplateNews, value)
    if news is None or "new_quality_score" in value:  # Meta sends quality under the name of the status as well
        return
    language = news.message_template_language.replace("-", "_")  # en-US here, en_US in the API
    known = Template.objects.filter(waba_id=waba_id, name=news.message_template_name, language=language)
    if news.event in _GONE:
        known.delete()
    elif not _follow(known, news):
        ask([waba_id], at=timezone.now() + AFTER_NEWS)


def _follow(known: QuerySet[Template], news: TemplateNews) -> bool:
    """Whether the news itself said all there is to know."""
    if news.event in _STAYS:
        return known.exists()
    if news.event:
        status = APPROVED if news.event in _BACK else news.event[:LONGEST_WORD]
        return bool(known.update(status=status))
    if news.previous_category and news.new_category:  # without the former it is only announced
        return bool(known.update(category=news.new_category[:LONGEST_WORD]))
    return False


def _row(waba_id: str, part: TemplatePart) -> Template:
    blueprint = blueprints.read(part.components)
    return Template(
        waba_id=waba_id,
        meta_id=part.id[:64],
        name=part.name[:LONGEST_NAME],
        language=part.language[:16],
        category=part.category[:LONGEST_WORD],
        status=part.status[:LONGEST_WORD],
        components=part.components,
        body=blueprint.body,
        is_sendable=blueprint.is_sendable,
    )


def _give_up(account: QuerySet[Number], error: graph.GraphError) -> None:
    """Not a reason to stop sending: a token may be good for messages and not for templates."""
    again = {"templates_due_at": timezone.now() + AFTER_TROUBLE} if isinstance(error, graph.Transient) else {}
    account.update(templates_problem=str(error)[:240], **again)
