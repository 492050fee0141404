"""POST /simulator/api/inbound: a customer says something."""

from datetime import UTC, datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulator import behaviours, bodies, files, outbox, postman, speech
from simulator.machine.problems import NonsenseError, json_body, refuses_nonsense
from simulator.models import Chat, Customer, Message, Number
from simulator.samples import SAMPLES

LONGEST_WAIT = 60.0
LONGEST_WA_ID = 20


@csrf_exempt
@require_POST
@refuses_nonsense
async def inbound(request: HttpRequest) -> JsonResponse:
    """A customer says something, or a raw `value` goes out as it is."""
    body = json_body(request)
    answer = await sync_to_async(_raw if "value" in body else _said)(body)
    if body.get("wait"):
        heard = await postman.answer_to(answer["webhook_id"], _seconds(body["wait"]))
        answer["webhook"] = heard and {"status": heard.status, "ms": heard.milliseconds, "body": heard.text}
    return JsonResponse(answer, status=202)


def _seconds(wait: object) -> float:
    if not isinstance(wait, int | float):
        raise NonsenseError("wait must be a number of seconds")
    return min(float(wait), LONGEST_WAIT)


def _raw(body: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(body["value"], dict):
        raise NonsenseError("value must be an object")
    queued = outbox.put(bodies.envelope(_number(body), body["value"]), way=behaviours.of(behaviours.EVERYBODY))
    return {"webhook_id": queued.pk}


def _said(body: dict[str, Any]) -> dict[str, Any]:
    chat = Chat.between(_customer(body.get("customer")), _number(body))
    said = _sample(chat, body) if "sample" in body else _typed(chat, body)
    return {"id": said.message.wamid, "webhook_id": said.webhook.pk, "customer": chat.customer_id}


def _number(body: dict[str, Any]) -> Number:
    first = Number.objects.order_by("pk").first()
    number_id = body.get("phone_number_id") or (first and first.pk)
    if not isinstance(number_id, str):
        raise NonsenseError("phone_number_id must be a string")
    return Number.called(number_id)


def _customer(named: object) -> Customer:
    """`"5511…"` or `{"wa_id": "5511…", "name": "…"}`."""
    facts = named if isinstance(named, dict) else {"wa_id": named}
    wa_id = str(facts.get("wa_id") or "")
    if not (wa_id.isdecimal() and len(wa_id) <= LONGEST_WA_ID):
        raise NonsenseError("customer must be a wa_id (digits), or an object with wa_id and name")
    return Customer.met(wa_id, str(facts.get("name") or "")[:80])


def _sample(chat: Chat, body: dict[str, Any]) -> speech.Said:
    if body["sample"] not in SAMPLES:
        raise NonsenseError(f"sample must be one of {', '.join(SAMPLES)}")
    sample = SAMPLES[body["sample"]]()
    kept = files.keep(chat.number, sample.data, sample.mime_type, sample.filename)
    return speech.send_medium(chat, kept, voice=sample.is_voice, caption=str(body.get("body") or ""))


def _typed(chat: Chat, body: dict[str, Any]) -> speech.Said:
    kind = str(body.get("type") or "text")
    content = body.get(kind, {"body": str(body.get("body") or "")} if kind == "text" else {})
    wamid = str(body.get("id") or "")
    if wamid and Message.objects.filter(wamid=wamid).exists():
        raise NonsenseError("this id is taken; use webhook to say the same thing twice")
    return speech.say(
        chat,
        kind,
        content,
        reply_to=str(body.get("reply_to") or ""),
        said_at=_moment(body.get("timestamp")),
        wamid=wamid,
    )


def _moment(seconds: object) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NonsenseError("timestamp must be Unix seconds") from error
