"""Carries webhooks to the helpdesk: in order within a chat, again and again until they are answered with 200."""

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from simulator import bodies, exchanges, statuses
from simulator.doorbell import doorbell
from simulator.live import Change, audience
from simulator.models import Webhook

AT_ONCE = 16
MOST_LINES = 200
OK = 200
ANSWERS_KEPT = 1000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the helpdesk said to one POST. `status` is None when it could not be reached."""

    status: int | None
    text: str
    milliseconds: float


@dataclass
class _Round:
    """The webhooks under way, and the answers to the last ones."""

    client: httpx.AsyncClient
    under_way: dict[int, str] = field(default_factory=dict)
    answers: "OrderedDict[int, Answer]" = field(default_factory=OrderedDict)
    answered: asyncio.Condition = field(default_factory=asyncio.Condition)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


_round = _Round(
    httpx.AsyncClient(
        timeout=settings.WEBHOOK_TIMEOUT,
        limits=httpx.Limits(max_connections=MOST_LINES, max_keepalive_connections=MOST_LINES),
        trust_env=False,
    )
)


def start() -> asyncio.Task[None]:
    """Begin on the running loop with whatever an earlier run left in the queue."""
    doorbell.listen()
    return asyncio.create_task(_walk())


async def stop(walk: asyncio.Task[None]) -> None:
    """Drop what is under way; it is still in the queue for the next run."""
    for task in (walk, *_round.tasks):
        task.cancel()
    await asyncio.gather(walk, *_round.tasks, return_exceptions=True)
    await _round.client.aclose()


async def _walk() -> None:
    while True:
        try:
            pause = await _set_off()
        except Exception:
            logger.exception("The postman stumbled; he goes on in a second.")
            pause = 1.0
        await doorbell.wait(pause)


async def _set_off() -> float | None:
    """Send everything on its way that is due; seconds until there is more (None: when the bell rings)."""
    free = AT_ONCE - len(_round.under_way)
    if free <= 0:
        return None
    due, pause = await sync_to_async(_due)(dict(_round.under_way), free)
    for webhook in due:
        _round.under_way[webhook.pk] = webhook.lane
        task = asyncio.create_task(_carry(webhook))
        _round.tasks.add(task)
        task.add_done_callback(_round.tasks.discard)
    return pause


def _due(under_way: dict[int, str], free: int) -> tuple[list[Webhook], float | None]:
    """Up to `free` due webhooks, at most one first attempt a lane, and the pause until the next one."""
    now = timezone.now()
    lanes = {lane for lane in under_way.values() if lane}
    waiting = Webhook.objects.exclude(pk__in=under_way).exclude(Q(attempts=0) & Q(lane__in=lanes))
    due: list[Webhook] = []
    for webhook in waiting.filter(due_at__lte=now)[:200]:
        is_behind = webhook.attempts == 0 and webhook.lane in lanes
        if len(due) < free and not is_behind:
            due.append(webhook)
            lanes |= {webhook.lane} - {""}
    soonest = waiting.filter(due_at__gt=now).aggregate(at=Min("due_at"))["at"]
    return due, soonest and max((soonest - now).total_seconds(), 0.001)


async def _carry(webhook: Webhook) -> None:
    """One attempt; whatever happens, the lane is free afterwards."""
    try:
        if webhook.attempts == 0:
            await sync_to_async(statuses.leave)(webhook)
        answer = await post(bytes(webhook.body), webhook.signing, note=_note(webhook))
        await sync_to_async(_settle)(webhook, answer)
        await _keep(webhook.pk, answer)
    finally:
        del _round.under_way[webhook.pk]
        doorbell.ring()


def _note(webhook: Webhook) -> str:
    return f"× {webhook.attempts + 1}" if webhook.attempts else ""


async def post(body: bytes, signing: str, *, note: str = "") -> Answer:
    """POST one body to the helpdesk as Meta does, and put it in the log."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        **bodies.signature(body, signing),
    }
    started, at = time.perf_counter(), timezone.now()
    try:
        response = await _round.client.post(settings.WEBHOOK_URL, content=body, headers=headers)
        status, text = response.status_code, response.text[: exchanges.LONGEST]
    except httpx.HTTPError as error:
        status, text = None, f"{type(error).__name__}: {error}"
    answer = Answer(status, text, round((time.perf_counter() - started) * 1000, 1))
    _log(answer, body, at=at, note=note or (signing if signing != Webhook.Signing.GOOD else ""))
    return answer


def _log(answer: Answer, body: bytes, **facts: object) -> None:
    exchange = exchanges.record(
        is_webhook=True,
        method="POST",
        path=settings.WEBHOOK_URL,
        sent=body,
        status=answer.status,
        received=answer.text,
        milliseconds=answer.milliseconds,
        **facts,
    )
    audience.tell(Change("exchange", exchange=exchange))


@transaction.atomic
def _settle(webhook: Webhook, answer: Answer) -> None:
    """Forget an answered webhook, put another one off; forgeries are tried once."""
    if answer.status == OK:
        statuses.arrived(webhook)
    attempts = webhook.attempts + 1
    is_done = answer.status == OK or webhook.signing != Webhook.Signing.GOOD or attempts >= settings.RETRY_ATTEMPTS
    if is_done:
        Webhook.objects.filter(pk=webhook.pk).delete()
        return
    wait = min(settings.RETRY_BASE * 2 ** (attempts - 1), settings.RETRY_CEILING)
    Webhook.objects.filter(pk=webhook.pk).update(attempts=attempts, due_at=timezone.now() + timedelta(seconds=wait))


async def _keep(webhook_id: int, answer: Answer) -> None:
    _round.answers[webhook_id] = answer
    if len(_round.answers) > ANSWERS_KEPT:
        _round.answers.popitem(last=False)
    async with _round.answered:
        _round.answered.notify_all()


async def answer_to(webhook_id: int, seconds: float) -> Answer | None:
    """The helpdesk's newest answer to a queued webhook, waiting for the first one; None when it takes longer."""
    answers, answered = _round.answers, _round.answered
    try:
        async with asyncio.timeout(seconds), answered:
            await answered.wait_for(lambda: webhook_id in answers)
    except TimeoutError:
        return None
    return answers[webhook_id]
