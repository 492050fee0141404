"""/simulator/api/behaviour: what happens next."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from simulator import behaviours
from simulator.machine.problems import NonsenseError, json_body, refuses_nonsense
from simulator.models import Behaviour
from simulator.phone.forms import BehaviourForm


@csrf_exempt
@require_http_methods(["GET", "POST", "DELETE"])
@refuses_nonsense
def behaviour(request: HttpRequest) -> JsonResponse:
    """What happens next, on one phone or on all: ask, set, or back to normal."""
    if request.method == "POST":
        form = BehaviourForm(json_body(request))
        if not form.is_valid():
            raise NonsenseError(form.errors.as_text())
        behaviours.begin(form.save(commit=False))
        return JsonResponse(_behaviour(form.instance))
    customer_id = request.GET.get("customer", behaviours.EVERYBODY)
    if request.method == "DELETE":
        behaviours.end(customer_id)
    return JsonResponse(_behaviour(behaviours.of(customer_id)))


def _behaviour(row: Behaviour) -> dict[str, Any]:
    return {name: getattr(row, name) for name in BehaviourForm.Meta.fields}
