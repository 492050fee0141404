"""Pages of the phone, and the files shown in them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from simulator import exchanges
from simulator.models import Number
from simulator.phone import bubbles, people
from simulator.phone.addresses import chat_at
from simulator.phone.controls import controls
from simulator.phone.forms import CustomerForm

LOG_SHOWN = 30


@require_GET
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    """Choose who to be, and whom to write to."""
    return render(request, "phone.html", _lists(_number(request.GET.get("number")), CustomerForm()))


def _number(number_id: str | None) -> Number:
    wanted = Number.objects.filter(pk=number_id).first() if number_id else None
    number = wanted or Number.objects.order_by("pk").first()
    if number is None:
        raise Http404("No business number is known.")
    return number


def _lists(number: Number, form: CustomerForm) -> dict[str, Any]:
    return {
        "number": number,
        "numbers": Number.objects.order_by("pk"),
        "people": people.people(number),
        "crowd": people.crowd(number),
        "customer_form": form,
    }


@require_POST
def make_customer(request: HttpRequest) -> HttpResponse:
    """Make somebody up and be them."""
    form, number = CustomerForm(request.POST), _number(request.POST.get("number"))
    if not form.is_valid():
        return render(request, "phone.html", _lists(number, form), status=400)
    return redirect("chat", wa_id=form.save().pk, number_id=number.pk)


@require_GET
@ensure_csrf_cookie
def chat(request: HttpRequest, wa_id: str, number_id: str) -> HttpResponse:
    """One customer's phone with one chat open."""
    shown = chat_at(wa_id, number_id)
    page = _lists(shown.number, CustomerForm()) | controls(shown)
    page |= {"chat": shown, "bubbles": bubbles.of_chat(shown), "exchanges": exchanges.latest(LOG_SHOWN)}
    return render(request, "phone.html", page)


@require_GET
def thread(request: HttpRequest, wa_id: str, number_id: str) -> HttpResponse:
    """The bubbles alone, for a page that was away."""
    return render(request, "_thread.html", {"bubbles": bubbles.of_chat(chat_at(wa_id, number_id))})
