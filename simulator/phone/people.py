"""The list of customers one can be."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from simulator.models import Customer, Message, Number
from simulator.phone.bubbles import NOT_A_BUBBLE, Bubble, of_messages


@dataclass(frozen=True)
class Person:
    """A row of the list: the customer, and how the chat with the number stands."""

    customer: Customer
    last: Bubble | None
    last_at: datetime | None
    unread: int


def people(number: Number) -> list[Person]:
    """Everybody but the crowd, the liveliest chat first."""
    return _rows(Customer.objects.exclude(origin=Customer.Origin.CROWD), number)


def crowd(number: Number) -> list[Person]:
    """The fifty who write all at once, as far as they did."""
    return _rows(Customer.objects.filter(origin=Customer.Origin.CROWD, chats__number=number), number)


def person(customer_id: str, number: Number) -> Person:
    """One row."""
    return _rows(Customer.objects.filter(pk=customer_id), number)[0]


def _rows(customers: QuerySet[Customer], number: Number) -> list[Person]:
    theirs = Message.objects.filter(chat__number=number, chat__customer=OuterRef("pk")).exclude(type__in=NOT_A_BUBBLE)
    here = Q(chats__number=number)
    unseen = Q(chats__messages__is_from_customer=False, chats__messages__status__in=["sent", "delivered"])
    unread = here & unseen & ~Q(chats__messages__type__in=NOT_A_BUBBLE)
    listed = customers.annotate(
        last_id=Subquery(theirs.order_by("-pk").values("pk")[:1]),
        last_at=Max("chats__last_message_at", filter=here),
        unread=Count("chats__messages", filter=unread, distinct=True),
    ).order_by(F("last_at").desc(nulls_last=True), "origin", "name")
    rows = list(listed)
    lasts = Message.objects.select_related("chat__number").in_bulk([row.last_id for row in rows if row.last_id])
    return [Person(row, _last(lasts.get(row.last_id)), row.last_at, row.unread) for row in rows]


def _last(message: Message | None) -> Bubble | None:
    return of_messages([message], message.chat)[0] if message else None
