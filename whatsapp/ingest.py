"""From the inbox to conversations: a batch of deliveries at a time, one transaction per tenant, nothing lost.

One process does this at a time (ingester.py), so a number's deliveries are read in the order in which they came.
Everything here may run twice: what is stored already stays as it is.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import InterfaceError, OperationalError

from tenancy.scope import every_tenant, tenant_scope
from whatsapp import inbox
from whatsapp.intake import Routed, store
from whatsapp.models import DeliveryState
from whatsapp.payloads import NotJsonError, Problem, Usable, accounts_named, decode, glance, items
from whatsapp.routing import RouteTable

BATCH = 1_000  # a tenant's transaction costs the same however many messages it stores
BATCH_BYTES = 16 * 1024 * 1024
NOBODY = UUID(int=0)  # beside tenants: the body also speaks of numbers that are not theirs, and may never be
LISTED = 100  # of a delivery's problems: one body can have two million, and nobody reads on

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Opened:
    """A delivery while its batch is being processed."""

    delivery: inbox.Waiting
    items: list[Usable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    tenant_ids: set[UUID] = field(default_factory=set)
    failed: bool = False

    def complain(self, problem: Problem) -> None:
        """Keep it for the delivery's page, if it is one of the first."""
        if len(self.problems) < LISTED:
            self.problems.append(problem)
        else:
            self.unlisted += 1


_Part = tuple[_Opened, Routed]


def drain(batches: int = 40) -> bool:
    """Process what waits; True if more may be waiting after that many batches. Only under the ingester's lock."""
    done: list[inbox.Settled] = []
    for _ in range(batches):
        waiting = turn(done)
        if not waiting:
            return False
        done = process(waiting)
    return bool(turn(done))


@every_tenant()
def turn(done: Sequence[inbox.Settled]) -> list[inbox.Waiting]:
    """Settle what was processed, and return what to process next."""
    return inbox.turn(done, BATCH, BATCH_BYTES)


@every_tenant()  # deliveries and routes are nobody's; each tenant is entered from here
def process(deliveries: Sequence[inbox.Waiting]) -> list[inbox.Settled]:
    """Take in a batch; returns what to settle. A delivery that nobody has foreseen keeps back only itself."""
    try:
        opened = _process(deliveries)
    except Exception as error:
        _raise_if_the_databases(error)
        if len(deliveries) > 1:
            return [settled for delivery in deliveries for settled in process([delivery])]
        logger.exception("Delivery #%s could not be read.", deliveries[0].delivery_id)
        opened = [_Opened(deliveries[0], problems=[_problem("", error)], failed=True)]
    return [_settled(each) for each in opened]


def _process(deliveries: Sequence[inbox.Waiting]) -> list[_Opened]:
    opened = [_open(delivery) for delivery in deliveries]
    for tenant_id, parts in sorted(_by_tenant(opened).items()):
        with tenant_scope(tenant_id):
            _take_in(parts)
    return opened


def _open(delivery: inbox.Waiting) -> _Opened:
    opened = _Opened(delivery)
    try:
        for item in items(decode(delivery.body)):
            if isinstance(item, Problem):
                opened.complain(item)
            else:
                opened.items.append(item)
    except NotJsonError as error:
        opened.complain(Problem("", f"not JSON: {error}"))
    return opened


def _by_tenant(opened: Sequence[_Opened]) -> dict[UUID, list[_Part]]:
    """Every usable item with its route, by tenant; the others become problems of their delivery."""
    table = RouteTable(item for each in opened for item in each.items)
    parts: dict[UUID, list[_Part]] = defaultdict(list)
    for each in opened:
        for part in _routed(each, table):
            each.tenant_ids.add(part.route.tenant_id)
            parts[part.route.tenant_id].append((each, part))
        if each.problems and each.tenant_ids and not _is_theirs_alone(each, table):
            each.tenant_ids.add(NOBODY)
    return parts


def _is_theirs_alone(opened: _Opened, table: RouteTable) -> bool:
    """Whether all that a body names belongs to the tenants it had items for: only then may they look at it."""
    named = accounts_named(glance(opened.delivery.body))
    return all(opened.tenant_ids >= (table.owners(*account) or {NOBODY}) for account in named)


def _routed(opened: _Opened, table: RouteTable) -> Iterator[Routed]:
    for item in opened.items:
        for route in table.find(item, opened.delivery.signed_with):
            if isinstance(route, Problem):
                opened.complain(route)
            else:
                yield Routed(item, route, opened.delivery.received_at)


def _take_in(parts: Sequence[_Part]) -> None:
    """A tenant's part; item by item where that fails, so that one bad item keeps back only itself."""
    try:
        store([part for _, part in parts])
    except Exception as error:
        _raise_if_the_databases(error)
        logger.exception("A batch of %s items failed; taking them one by one.", len(parts))
        for opened, part in parts:
            _take_in_alone(opened, part)


def _take_in_alone(opened: _Opened, part: Routed) -> None:
    look = replace(part, route=replace(part.route, has_early=True))  # an item of this batch may be what came early
    try:
        store([look])
    except Exception as error:
        _raise_if_the_databases(error)
        logger.exception("An item could not be stored; its delivery #%s keeps it.", opened.delivery.delivery_id)
        opened.failed = True
        opened.complain(_problem(part.item.source.at, error))


def _problem(at: str, error: Exception) -> Problem:
    return Problem(at, f"{type(error).__name__}: {error}"[:500])


def _raise_if_the_databases(error: Exception) -> None:
    """PostgreSQL's own trouble is no item's fault: the deliveries stay in the inbox until it is over.

    Except class 54, "program limit exceeded": that is the item's, and would keep all others waiting for ever.
    """
    sqlstate = str(getattr(error.__cause__, "sqlstate", ""))
    if isinstance(error, OperationalError | InterfaceError) and not sqlstate.startswith("54"):
        raise error


def _settled(each: _Opened) -> inbox.Settled:
    rest = [Problem("", f"and {each.unlisted} more")] if each.unlisted else []
    problems = [{"at": problem.at, "reason": problem.reason} for problem in [*each.problems, *rest]]
    return inbox.Settled(
        each.delivery.delivery_id, _state(each), json.dumps(problems), " ".join(sorted(map(str, each.tenant_ids)))
    )


def _state(each: _Opened) -> DeliveryState:
    if each.failed:
        return DeliveryState.FAILED
    if not each.problems:
        return DeliveryState.DONE
    return DeliveryState.PARTIAL if each.tenant_ids else DeliveryState.REJECTED
