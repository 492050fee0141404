"""Numbers and WABAs, and the address they share with media: GET /{id}."""

from django.http import HttpRequest

from simulator.bodies import Json
from simulator.errors import no_such_object
from simulator.graph import media
from simulator.graph.edge import endpoint
from simulator.models import Medium, Number

APP = {"whatsapp_business_api_data": {"id": "100200300400500", "name": "Recado", "link": "https://example.com"}}


@endpoint("GET", "POST", "DELETE")
def node(request: HttpRequest, object_id: str) -> Json:
    """Whatever has this id: a file, a WABA, or a number (made up when its fields are asked for)."""
    kept = Medium.objects.filter(media_id=object_id).first()
    if kept is not None:
        return _delete(kept) if request.method == "DELETE" else media.describe(request, kept)
    if request.method == "POST":
        return {"success": True}
    fields = [name for name in request.GET.get("fields", "").split(",") if name]
    facts = _facts(object_id, may_make_up=bool(fields))
    if facts is None or request.method == "DELETE":
        raise no_such_object(object_id)
    return {name: value for name, value in facts.items() if not fields or name in [*fields, "id"]}


def _delete(kept: Medium) -> Json:
    kept.delete()
    return {"success": True}


def _facts(object_id: str, *, may_make_up: bool) -> Json | None:
    numbers = Number.objects.filter(waba_id=object_id)
    if numbers:
        return _waba(object_id, list(numbers))
    known = Number.objects.filter(phone_number_id=object_id).first()
    if known is None and may_make_up:
        known = Number.called(object_id)
    return None if known is None else _number(known)


def _waba(waba_id: str, numbers: list[Number]) -> Json:
    health = {"can_send_message": "AVAILABLE", "entities": [_healthy("WABA", waba_id)]}
    facts = {"name": numbers[0].name, "currency": "BRL", "timezone_id": "25", "message_template_namespace": "recado"}
    return {"id": waba_id, **facts, "health_status": health}


def _number(number: Number) -> Json:
    entities = [_healthy("PHONE_NUMBER", number.pk), _healthy("WABA", number.waba_id)]
    return {
        "verified_name": number.name,
        "code_verification_status": "VERIFIED",
        "display_phone_number": number.display_phone_number,
        "quality_rating": "GREEN",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "is_on_biz_app": False,
        "webhook_configuration": {},
        "health_status": {"can_send_message": "AVAILABLE", "entities": entities},
        "id": number.pk,
    }


def _healthy(kind: str, entity_id: str) -> dict[str, str]:
    return {"entity_type": kind, "id": entity_id, "can_send_message": "AVAILABLE"}


@endpoint("GET")
def phone_numbers(_request: HttpRequest, waba_id: str) -> Json:
    """The numbers of a WABA."""
    numbers = [_number(number) for number in Number.objects.filter(waba_id=waba_id)]
    if not numbers:
        raise no_such_object(waba_id)
    return {"data": [{key: fact for key, fact in each.items() if key != "health_status"} for each in numbers]}


@endpoint("GET", "POST", "DELETE")
def subscribed_apps(request: HttpRequest, waba_id: str) -> Json:  # noqa: ARG001  (named by the address)
    """Subscribing always works, and changes nothing: webhooks go to RECADO_URL."""
    return {"data": [APP]} if request.method == "GET" else {"success": True}


@endpoint("POST")
def register(_request: HttpRequest, number_id: str) -> Json:
    """Registering a number always works."""
    Number.called(number_id)
    return {"success": True}
