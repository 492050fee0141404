"""From the inbox to conversations: a batch of deliveries at a time, one transaction per tenant, nothing lost on the way.

One ingester works at a time over the whole installation (a PostgreSQL advisory lock), so a number's deliveries are
never processed by two workers. Everything here may run twice: what is stored already stays as it is.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from conversations.actions import apply_outcomes, receive
from conversations.actions.arrivals import Arrival
from events.emit import action
from tenancy.scope import tenant_scope
from whatsapp import early, inbox, numbers, translate
from whatsapp.models import Delivery, DeliveryState
from whatsapp.numbers import Route
from whatsapp.payloads import AccountItem, Item, MessageItem, NotJsonError, Problem, StatusItem, decode, items
from whatsapp.revisions import REVISIONS, Revision, apply_revisions, follow_identities

BATCH = 500
_LOCK = 0x5EC4D0  # any number that nothing else locks

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """What a batch holds for one tenant, in the order received."""

    arrivals: list[Arrival] = field(default_factory=list)
    statuses: list[early.Status] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    identities: list[MessageItem] = field(default_factory=list)
    accounts: list[AccountItem] = field(default_factory=list)


@dataclass(slots=True)
class _Opened:
    """A delivery while its batch is being processed."""

    delivery: Delivery
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tenant_ids: set[UUID] = field(default_factory=set)
    failed: bool = False


def drain(batches: int = 40) -> bool:
    """Process what waits; True if more may be waiting after that many batches."""
    with _alone():
        for _ in range(batches):
            deliveries = inbox.waiting(BATCH)
            if not deliveries:
                return False
            process(deliveries)
    return True


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def process(deliveries: Sequence[Delivery]) -> None:
    """Take in a batch. A tenant whose part fails is taken item by item, so that one bad item keeps back only itself."""
    opened = [_open(delivery) for delivery in deliveries]
    for tenant_id, parts in sorted(_by_tenant(opened).items()):
        with tenant_scope(tenant_id):
            _take_in(parts)
    inbox.settle([_settled(each) for each in opened])


def _open(delivery: Delivery) -> _Opened:
    try:
        return _Opened(delivery, list(items(decode(bytes(delivery.body)))))
    except NotJsonError as error:
        return _Opened(delivery, problems=[Problem("", f"not JSON: {error}")])


Part = tuple[_Opened, Item, Route]


def _by_tenant(opened: Sequence[_Opened]) -> dict[UUID, list[Part]]:
    """Every usable item with its route, by tenant; the others become problems of their delivery."""
    table = _RouteTable(opened)
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for each in opened:
        for item in each.items:
            for route in table.find(each, item):
                if isinstance(route, Problem):
                    each.problems.append(route)
                else:
                    each.tenant_ids.add(route.tenant_id)
                    parts[route.tenant_id].append((each, item, route))
    return parts


class _RouteTable:
    """The numbers a batch speaks of."""

    def __init__(self, opened: Sequence[_Opened]) -> None:
        sources = {item.source for each in opened for item in each.items if not isinstance(item, Problem)}
        routes = numbers.routes({(source.waba_id, source.phone_number_id) for source in sources})
        self.by_number = {route.phone_number_id: route for route in routes}
        self.by_waba: dict[str, list[Route]] = defaultdict(list)
        for route in routes:
            self.by_waba[route.waba_id].append(route)

    def find(self, opened: _Opened, item: Item) -> list[Route] | list[Problem]:
        """Where an item goes: to its number, or to every tenant of its account when it names no number."""
        if isinstance(item, Problem):
            return [item]
        source = item.source
        if not source.phone_number_id and isinstance(item, AccountItem):
            found = {route.tenant_id: route for route in self.by_waba[source.waba_id]}
        else:
            route = self.by_number.get(source.phone_number_id)
            found = {route.tenant_id: route} if route else {}
        if not found:
            return [Problem(source.at, f"unknown number {source.phone_number_id or source.waba_id!r}"[:200])]
        return [_checked(route, opened.delivery, item) for route in found.values()]  # type: ignore[return-value]


def _checked(route: Route, delivery: Delivery, item: MessageItem | StatusItem | AccountItem) -> Route | Problem:
    """A route only for who may use it: the number's own account, signed with the number's own secret."""
    source = item.source
    if source.phone_number_id and source.waba_id != route.waba_id:
        return Problem(
            source.at, f"number {source.phone_number_id} does not belong to account {source.waba_id!r}"[:200]
        )
    if delivery.signed_with and delivery.signed_with != route.signed_with:
        return Problem(source.at, f"not signed with the app secret of number {route.phone_number_id}")
    return route


def _take_in(parts: Sequence[Part]) -> None:
    try:
        _store(parts)
    except (OperationalError, InterfaceError):
        raise  # the database's trouble, not an item's: the deliveries stay in the inbox
    except Exception:
        logger.exception("A batch of %s items failed; taking them one by one.", len(parts))
        for part in parts:
            _take_in_alone(part)


def _take_in_alone(part: Part) -> None:
    opened, item, _ = part
    try:
        _store([part])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("An item could not be stored; its delivery #%s keeps it.", opened.delivery.pk)
        opened.failed = True
        opened.problems.append(Problem(getattr(item, "source", item).at, f"{type(error).__name__}: {error}"[:500]))


@action
def _store(parts: Sequence[Part]) -> None:
    """One tenant's items in one transaction: messages first, then everything that is said about messages."""
    work = _sort(parts)
    follow_identities(work.identities)
    messages = receive(work.arrivals)
    came_early = early.claim(messages)
    outcomes = {status.outcome: status for status in [*came_early.statuses, *work.statuses]}
    unknown = apply_outcomes(list(outcomes))
    early.park([outcomes[outcome] for outcome in unknown], apply_revisions([*came_early.revisions, *work.revisions]))
    for item in work.accounts:
        _follow_account(item)


def _sort(parts: Sequence[Part]) -> Work:
    work = Work()
    for opened, item, route in parts:
        received_at = opened.delivery.received_at
        match item:
            case MessageItem():
                _sort_message(work, item, route, received_at)
            case StatusItem():
                outcome = translate.outcome(item, route.number_id, received_at)
                if outcome:
                    work.statuses.append(early.Status(outcome, item, received_at))
            case AccountItem():
                work.accounts.append(item)
    return work


def _sort_message(work: Work, item: MessageItem, route: Route, received_at: datetime) -> None:
    kind = item.message.type
    if kind in REVISIONS:
        work.revisions.append(Revision(item, route.number_id, received_at))
    elif kind == "system":
        work.identities.append(item)
    elif kind != "request_welcome":  # somebody looked at the chat: nothing has been said
        work.arrivals.append(translate.arrival(item, route.number_id, received_at))


def _follow_account(item: AccountItem) -> None:
    match item.source.field:
        case "account_update":
            numbers.account_changed(item.source.waba_id, item.value)
        case "phone_number_name_update":
            numbers.name_changed(item.source.waba_id, item.value)
        case other:
            logger.info("Nothing follows from a %s webhook yet.", other[:64])


def _settled(each: _Opened) -> inbox.Settled:
    problems = [{"at": problem.at, "reason": problem.reason} for problem in each.problems]
    return inbox.Settled(
        each.delivery.pk, _state(each), json.dumps(problems), " ".join(sorted(map(str, each.tenant_ids)))
    )


def _state(each: _Opened) -> DeliveryState:
    if each.failed:
        return DeliveryState.FAILED
    if not each.problems:
        return DeliveryState.DONE
    return DeliveryState.PARTIAL if each.tenant_ids else DeliveryState.REJECTED
