"""Message templates: listing and creating."""

from django.http import HttpRequest

from simulator.bodies import Json
from simulator.errors import GraphError, invalid
from simulator.graph.edge import endpoint, json_body
from simulator.models import Template

PAGE = 25


@endpoint("GET", "POST", "DELETE")
def message_templates(request: HttpRequest, waba_id: str) -> Json:
    """The WABA's templates, a page at a time; POST adds one (approved at once), DELETE takes one of its own away."""
    handlers = {"GET": _list, "POST": _create, "DELETE": _delete}
    return handlers[request.method or "GET"](request, waba_id)


def _list(request: HttpRequest, waba_id: str) -> Json:
    try:
        limit, after = int(request.GET.get("limit", PAGE)), int(request.GET.get("after", 0))
    except ValueError as error:
        raise GraphError(131059, "(#131059) Invalid cursor") from error
    rows = list(Template.of(waba_id).filter(pk__gt=after).order_by("pk")[: limit + 1])
    page: Json = {"data": [_shown(row) for row in rows[:limit]]}
    if rows:
        cursors = {"before": str(rows[0].pk), "after": str(rows[:limit][-1].pk)}
        more = {"next": request.build_absolute_uri(f"?limit={limit}&after={cursors['after']}")} if rows[limit:] else {}
        page["paging"] = {"cursors": cursors, **more}
    return page


def _shown(template: Template) -> Json:
    return {
        "id": str(10**14 + template.pk),
        "name": template.name,
        "language": template.language,
        "status": "APPROVED",
        "category": template.category,
        "parameter_format": "NAMED" if template.is_named else "POSITIONAL",
        "quality_score": {"score": "GREEN"},
        "components": template.components,
    }


def _create(request: HttpRequest, waba_id: str) -> Json:
    body = json_body(request)
    missing = [name for name in ("name", "language", "category", "components") if not body.get(name)]
    if missing:
        raise invalid(f"The parameter {missing[0]} is required.")
    facts = {"category": body["category"], "components": body["components"]}
    template, is_new = Template.objects.get_or_create(
        waba_id=waba_id, name=body["name"], language=body["language"], defaults=facts
    )
    if not is_new:
        raise GraphError(100, "(#100) Content in this language already exists", subcode=2388024)
    return {"id": str(10**14 + template.pk), "status": "APPROVED", "category": template.category}


def _delete(request: HttpRequest, waba_id: str) -> Json:
    Template.objects.filter(waba_id=waba_id, name=request.GET.get("name", "")).delete()
    return {"success": True}
