"""POST /simulator/api/webhook: any body, byte for byte, as often and as parallel as wanted."""

import asyncio
import statistics
from collections import Counter
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulator import postman
from simulator.machine.problems import NonsenseError, refuses_nonsense
from simulator.models import Webhook

MOST_TIMES, MOST_PARALLEL = 100_000, 200
SHOWN_ANSWERS = 20


@csrf_exempt
@require_POST
@refuses_nonsense
async def webhook(request: HttpRequest) -> JsonResponse:
    """POST the request's own body to the helpdesk, byte for byte, `times` over `parallel` lines; not queued."""
    signing = request.GET.get("sign", "good")
    if signing not in Webhook.Signing.values:
        raise NonsenseError("sign must be good, bad or none")
    times, parallel = _count(request, "times", MOST_TIMES), _count(request, "parallel", MOST_PARALLEL)
    answers = await _repeat(request.body, signing, times, parallel)
    return JsonResponse(_summary(answers))


def _count(request: HttpRequest, name: str, most: int) -> int:
    text = request.GET.get(name, "1")
    if not (text.isdecimal() and 1 <= int(text) <= most):
        raise NonsenseError(f"{name} must be a number from 1 to {most}")
    return int(text)


async def _repeat(body: bytes, signing: str, times: int, parallel: int) -> list[postman.Answer]:
    answers: list[postman.Answer] = []
    turns = iter(range(times))

    async def line() -> None:
        answers.extend([await postman.post(body, signing) for _ in turns])

    await asyncio.gather(*(line() for _ in range(min(parallel, times))))
    return answers


def _summary(answers: list[postman.Answer]) -> dict[str, Any]:
    durations = [answer.milliseconds for answer in answers]
    cuts = statistics.quantiles(durations, n=100) if len(durations) > 1 else durations * 99
    return {
        "statuses": Counter(str(answer.status) for answer in answers),
        "p50_ms": cuts[49],
        "p99_ms": cuts[98],
        "answers": [
            {"status": each.status, "ms": each.milliseconds, "body": each.text} for each in answers[:SHOWN_ANSWERS]
        ],
    }
