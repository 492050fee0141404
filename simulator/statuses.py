"""Ticks: which statuses a message gets, when, and what happens as they leave."""

from django.db import transaction
from django.db.models import Q

from simulator import bodies, outbox
from simulator.live import Change, audience
from simulator.models import Behaviour, Chat, Message, Webhook

Status = Message.Status
LOOKING_MS = 250


def plan(message: Message, way: Behaviour) -> list[tuple[str, int]]:
    """The statuses that are certain already, with their delays in milliseconds."""
    if way.outcome == Behaviour.Outcome.FAILED:
        return [(Status.FAILED, way.delivered_ms)]
    # Reactions only ever get `sent`.
    if way.outcome == Behaviour.Outcome.OFFLINE or message.type == "reaction":
        return [(Status.SENT, way.sent_ms)]
    steps: list[tuple[str, int]] = [(Status.SENT, way.sent_ms), (Status.DELIVERED, way.delivered_ms)]
    is_reversed = way.webhook == Behaviour.Webhook.REVERSED
    if way.outcome == Behaviour.Outcome.READ or (is_reversed and way.outcome == Behaviour.Outcome.AUTO):
        steps.append((Status.READ, max(way.read_ms, way.delivered_ms)))
    return _backwards(steps) if is_reversed else steps


def _backwards(steps: list[tuple[str, int]]) -> list[tuple[str, int]]:
    delays = [delay for _, delay in steps]
    return [(status, delay) for (status, _), delay in zip(reversed(steps), delays, strict=True)]


def schedule(message: Message, way: Behaviour) -> None:
    """Queue the statuses of a message that was just accepted."""
    for status, delay in plan(message, way):
        error_code = way.error_code if status == Status.FAILED else None
        _report(message, status, after_ms=delay, way=way, error_code=error_code)


def _report(
    message: Message, status: str, *, after_ms: int = 0, way: Behaviour | None = None, error_code: int | None = None
) -> None:
    body = bodies.reported(message, status, error_code)
    outbox.put(body, messages=[message], status=status, after_ms=after_ms, way=way, error_code=error_code)


@transaction.atomic
def leave(webhook: Webhook) -> None:
    """A webhook is about to be posted for the first time: the phone now shows what it reports."""
    if not webhook.status:
        return
    for message in webhook.messages.select_related("chat"):
        if message.advance(webhook.status, webhook.error_code):
            _show(message)
        if webhook.status == Status.DELIVERED and audience.is_open(message.chat.key):
            _read(message)


def arrived(webhook: Webhook) -> None:
    """The helpdesk answered 200: customers' messages in it get their second tick."""
    if webhook.status:
        return
    for message in webhook.messages.filter(is_from_customer=True).select_related("chat"):
        if message.advance(Status.DELIVERED):
            _show(message)


def opened(chat: Chat) -> None:
    """The customer looks at the chat: everything that was delivered is read now."""
    for message in chat.messages.filter(is_from_customer=False, status=Status.DELIVERED):
        _read(message)


def _read(message: Message) -> None:
    """Report `read` soon, unless the customer hides it or it is reported already."""
    is_reported = message.status == Status.READ or message.webhooks.filter(status=Status.READ).exists()
    if not (message.hides_receipt or is_reported):
        _report(message, Status.READ, after_ms=LOOKING_MS)


def back_online(customer_id: str) -> None:
    """Deliver what was only sent; to every customer if the id is empty."""
    whose = Q(chat__customer=customer_id) if customer_id else Q()
    waiting = Message.objects.filter(whose, is_from_customer=False, status=Status.SENT, webhooks=None)
    for message in waiting.exclude(type="reaction").select_related("chat__customer", "chat__number"):
        _report(message, Status.DELIVERED)


@transaction.atomic
def read_by_business(message: Message) -> None:
    """The helpdesk marked a customer's message as read, and with it the earlier ones."""
    unread = message.chat.messages.filter(is_from_customer=True, pk__lte=message.pk).exclude(status=Status.READ)
    for earlier in unread.select_related("chat"):
        if earlier.advance(Status.READ):
            _show(earlier)


def _show(message: Message) -> None:
    change = Change("message", message.chat.key, message.pk)
    transaction.on_commit(lambda: audience.tell(change))
