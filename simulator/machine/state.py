"""What the simulator knows: messages, queue, log; and forgetting it."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from simulator import bodies, exchanges
from simulator.cast import seed
from simulator.live import Change, audience
from simulator.machine.problems import NonsenseError, refuses_nonsense
from simulator.models import Behaviour, Chat, Customer, Medium, Message, Number, Template, Webhook

PAGE = 500


@require_GET
@refuses_nonsense
def messages(request: HttpRequest) -> JsonResponse:
    """Up to 500 messages in the order they came, after the `cursor` of an earlier answer."""
    wanted = {"chat__customer": request.GET.get("customer"), "chat__number": request.GET.get("phone_number_id")}
    filters = {name: text for name, text in wanted.items() if text}
    cursor = request.GET.get("after", "0")
    if not cursor.isdecimal():
        raise NonsenseError("after must be the cursor of an earlier answer")
    rows = list(Message.objects.filter(pk__gt=cursor, **filters).select_related("chat")[:PAGE])
    return JsonResponse({"messages": [_message(row) for row in rows], "cursor": rows[-1].pk if rows else int(cursor)})


def _message(row: Message) -> dict[str, Any]:
    return {
        "id": row.wamid,
        "customer": row.chat.customer_id,
        "phone_number_id": row.chat.number_id,
        "direction": "inbound" if row.is_from_customer else "outbound",
        "type": row.type,
        row.type: row.content,
        "status": row.status,
        "error_code": row.error_code,
        "context": row.context_wamid or None,
        "biz_opaque_callback_data": row.callback_data or None,
        "reactions": {"customer": row.customer_reaction or None, "business": row.business_reaction or None},
        "timestamp": bodies.stamp(row.said_at),
    }


@require_GET
def queue(_request: HttpRequest) -> JsonResponse:
    """How many webhooks wait, and how many of them were refused at least once."""
    waiting = Webhook.objects.all()
    return JsonResponse({"waiting": waiting.count(), "retrying": waiting.filter(attempts__gt=0).count()})


@require_GET
def log(_request: HttpRequest) -> JsonResponse:
    """The last HTTP exchanges, newest first."""
    shown = [each.as_json() for each in exchanges.latest(exchanges.KEPT)]
    return JsonResponse({"exchanges": shown})


@csrf_exempt
@require_POST
def reset(_request: HttpRequest) -> JsonResponse:
    """Forget everything but what is there from the start."""
    for model in (Webhook, Message, Chat, Medium, Behaviour, Customer, Template, Number):
        model.objects.all().delete()
    exchanges.forget()
    seed()
    audience.tell(Change("reload"))
    return JsonResponse({"ok": True})
