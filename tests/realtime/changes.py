"""All that can happen to a tenant's conversations, each change by one number: for tests with random operations."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from conversations import actions
from conversations.actions.arrivals import Arrival, Identity, Person
from conversations.actions.outcomes import Outcome
from conversations.errors import DomainError
from conversations.models import Contact, Conversation, IdentityKind, Message
from conversations.statuses import Direction, MessageStatus, MessageType
from kanban.actions import move_card
from tests.cast import Company

M = TypeVar("M", bound=Model)
Change = Callable[[Company, int], object]

STATUSES = ("OPEN", "PENDING", "RESOLVED")
OUTCOMES = (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ, MessageStatus.FAILED)


def happens(name: str, company: Company, number: int) -> None:
    """Let something happen; what is not possible now does not."""
    try:
        with transaction.atomic():  # each is a request of its own: what fails leaves nothing behind
            CHANGES[name](company, number)
    except (DomainError, LookupError):
        return


def _one_of(rows: "list[M]", number: int) -> M:
    if not rows:
        raise LookupError
    return rows[number % len(rows)]


def _conversation(number: int) -> Conversation:
    return _one_of(list(Conversation.objects.order_by("pk")), number)


def _message(number: int, **wanted: object) -> Message:
    return _one_of(list(Message.objects.filter(**wanted).order_by("pk")), number)


def _receive(company: Company, number: int) -> None:
    address, now = Identity(IdentityKind.WA_ID, f"551190000000{number % 3}"), timezone.now()
    said_at = now - timedelta(hours=number % 2)  # some are late
    arrival = Arrival(
        number_id=company.number.pk,
        wamid=f"w{Message.objects.count()}",
        person=Person((address,), address, f"Customer {number % 3}"),
        type=MessageType.TEXT,
        said_at=said_at,
        received_at=now,
        content=f"text {number}",
        reply_to_wamid=f"w{number % 7}" if number % 5 == 0 else "",
    )
    actions.receive([arrival])


def _react(_company: Company, number: int) -> None:
    contact = _one_of(list(Contact.objects.order_by("pk")), number)
    message = _message(number, conversation__contact=contact)
    actions.react(message, contact=contact, emoji=("👍", "❤", "")[number % 3], at=timezone.now())


def _edit(_company: Company, number: int) -> None:
    message = _message(number, direction=Direction.INBOUND)
    actions.edit_message(message, content=f"edited {number}", at=timezone.now())


def _delete(_company: Company, number: int) -> None:
    actions.delete_message(_message(number, direction=Direction.INBOUND), at=timezone.now())


def _send(company: Company, number: int) -> None:
    actions.send_message(_conversation(number), by=company.ana, content=f"answer {number}")


def _start_sending(_company: Company, number: int) -> None:
    now = timezone.now()
    actions.start_sending(_conversation(number).pk, now=now, answer_by=now)


def _outcome(company: Company, number: int) -> None:
    message, status = _message(number, direction=Direction.OUTBOUND), OUTCOMES[number % len(OUTCOMES)]
    error = {"error_code": "131026"} if status == MessageStatus.FAILED else {}
    outcome = Outcome(company.number.pk, f"o{message.pk}", status, timezone.now(), message_id=message.pk, **error)
    actions.apply_outcomes([outcome])


def _retry(company: Company, number: int) -> None:
    actions.retry_message(_message(number, status=MessageStatus.FAILED), by=company.ana)


def _update(company: Company, number: int) -> None:
    status, assignee = STATUSES[number % 3], (company.ana, company.caio, None)[number // 3 % 3]
    actions.update_conversation(
        _conversation(number), by=company.ana, status=status, assignee=assignee, priority=number % 4 - 1
    )


def _move(company: Company, number: int) -> None:
    move_card(_conversation(number), by=company.ana, column_id=_one_of(company.columns, number).pk)


def _read(company: Company, number: int) -> None:
    actions.mark_read(_conversation(number), by=company.ana)


CHANGES: dict[str, Change] = {
    "receive": _receive,
    "react": _react,
    "edit": _edit,
    "delete": _delete,
    "send": _send,
    "start_sending": _start_sending,
    "outcome": _outcome,
    "retry": _retry,
    "update": _update,
    "move": _move,
    "read": _read,
}
