"""What happens next, and what happens at once."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from simulator import behaviours
from simulator.mishaps import MISHAPS
from simulator.models import Chat
from simulator.phone.addresses import chat_at
from simulator.phone.forms import BehaviourForm


def controls(chat: Chat) -> dict[str, Any]:
    """What the control pane shows."""
    current = behaviours.of(chat.customer_id)
    labels = {name: label for name, (label, _act) in MISHAPS.items()}
    return {"chat": chat, "behaviour": current, "behaviour_form": BehaviourForm(instance=current), "mishaps": labels}


@require_POST
def behaviour(request: HttpRequest, wa_id: str, number_id: str) -> HttpResponse:
    """Begin a behaviour, on this phone or (with an empty customer) on all of them."""
    chat = chat_at(wa_id, number_id)
    form = BehaviourForm(request.POST)
    if form.is_valid():
        behaviours.begin(form.save(commit=False))
        return render(request, "_behaviour.html", controls(chat))
    return render(request, "_behaviour.html", controls(chat) | {"behaviour_form": form}, status=400)


@require_POST
def end(request: HttpRequest, wa_id: str, number_id: str) -> HttpResponse:
    """Back to normal, on this phone and on all."""
    chat = chat_at(wa_id, number_id)
    for customer_id in (chat.customer_id, behaviours.EVERYBODY):
        behaviours.end(customer_id)
    return render(request, "_behaviour.html", controls(chat))


@require_POST
def mishap(_request: HttpRequest, wa_id: str, number_id: str, name: str) -> HttpResponse:
    """Let one of the MISHAPS happen."""
    if name not in MISHAPS:
        raise Http404
    _label, act = MISHAPS[name]
    act(chat_at(wa_id, number_id))
    return HttpResponse(status=204)
