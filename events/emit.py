"""How something that happened becomes known: emitted inside an action, appended before commit, told after it.

An action is a function decorated with `@action`. The outermost one opens the transaction, appends everything that was
emitted inside as its last statement (so the tenant's counter is locked for as short as possible), and tells the
handlers of settings.EVENT_HANDLERS once the commit has happened.
"""

import functools
import logging
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import ParamSpec, Protocol, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from events.audience import EVERYONE
from events.catalogue import EventData
from events.log import Committed, Emitted, append
from tenancy.scope import current_tenant_id, tenant_scope

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)
_unit: ContextVar[list[Emitted] | None] = ContextVar("recado_emitted", default=None)


class Handler(Protocol):
    """Hears of one transaction's committed events, oldest first, in that tenant's scope. Writes no domain rows."""

    def __call__(self, events: Sequence[Committed]) -> None: ...


class EmittedOutsideActionError(RuntimeError):
    """`emit()` was called where nothing will append the event."""


def emit(event: EventData, audience: Sequence[str] = EVERYONE) -> None:
    """Say that something happened, to the rooms in `audience` (the whole tenant unless said otherwise)."""
    unit = _unit.get()
    if unit is None:
        message = f"{event.type} was emitted outside an @action"
        raise EmittedOutsideActionError(message)
    unit.append(Emitted(event, tuple(audience)))


def action(change: Callable[P, R]) -> Callable[P, R]:
    """Make `change` one transaction whose events are appended last and told after commit; nested ones join it."""

    @functools.wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=_unit.get() is None):
            if _unit.get() is not None:
                return change(*args, **kwargs)
            return _run_outermost(functools.partial(change, *args, **kwargs))

    return run


def _run_outermost(change: Callable[[], R]) -> R:
    unit: list[Emitted] = []
    token = _unit.set(unit)
    try:
        result = change()
    finally:
        _unit.reset(token)
    if unit:
        _tell_after_commit(append(unit))
    return result


def _tell_after_commit(events: list[Committed]) -> None:
    tenant_id = current_tenant_id()

    def tell() -> None:  # a closure: functools.partial defeats robust=True (Django ticket 36487)
        # on_commit runs in the scope of the outermost transaction, which may be a staff door
        with tenant_scope(tenant_id):
            for handler in _handlers():
                _tell_one(handler, events)

    transaction.on_commit(tell, robust=True)


def _tell_one(handler: Handler, events: list[Committed]) -> None:
    try:
        handler(events)
    except Exception:  # the rows are committed; a deaf handler must not keep the others from hearing
        logger.exception("A handler failed after %s event(s); the log keeps them.", len(events))


@functools.cache
def _handlers() -> tuple[Handler, ...]:
    return tuple(import_string(path) for path in settings.EVENT_HANDLERS)
