"""Which tenant the running code is confined to.

There is no default: code that nobody let in through a door (middleware, API, consumer, TenantTask, a command) may touch
no tenant's rows. Inside one tenant nothing wider and no other tenant can be entered; from `every_tenant()` each tenant
can, one after the other.

The scope is a context variable: it follows `await`, asyncio tasks and `sync_to_async`; a new thread starts without one.
A `with` block around a `yield` stays in force for whoever consumes the generator: enter the scope outside of it.
`on_commit` callbacks run in the scope in which the outermost transaction commits: they capture the tenant.
"""

import inspect
from collections.abc import Callable
from contextlib import ContextDecorator
from contextvars import ContextVar, Token
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from tenancy.models import Tenant

F = TypeVar("F", bound=Callable[..., Any])


class NoTenant(RuntimeError):
    """Code reached for a tenant's rows outside any tenant's scope."""


class WrongTenant(RuntimeError):
    """Code confined to one tenant reached for another."""


class Reach(Enum):
    """How far a scope reaches."""

    NONE = "none"
    TENANT = "tenant"
    EVERY = "every"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Scope:
    """`tenant_id` is set when, and only when, the reach is one tenant."""

    reach: Reach
    tenant_id: UUID | None = None

    def admits(self, inner: "Scope") -> bool:
        """Whether `inner` may be entered from here: a scope is narrowed or repeated, never widened or swapped."""
        return (
            self == inner
            or self.reach in {Reach.NONE, Reach.OWNER}
            or (self.reach is Reach.EVERY and inner.reach is Reach.TENANT)
        )


NOBODY = Scope(Reach.NONE)
EVERYBODY = Scope(Reach.EVERY)
OWNER = Scope(Reach.OWNER)

_current: ContextVar[Scope] = ContextVar("tenancy_scope", default=NOBODY)


class Entering(ContextDecorator):
    """A context manager, and a decorator of plain functions, that puts a scope in force."""

    def __init__(self, scope: Scope, *, confined: bool = True) -> None:
        self.scope, self.confined = scope, confined
        self._tokens: list[Token[Scope]] = []

    def __enter__(self) -> Scope:
        if self.confined and not current().admits(self.scope):
            raise WrongTenant(f"{self.scope} cannot be entered inside {current()}.")
        self._tokens.append(_current.set(self.scope))
        return self.scope

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _current.reset(self._tokens.pop())

    def __call__(self, func: F) -> F:
        if inspect.iscoroutinefunction(func) or inspect.isgeneratorfunction(func) or inspect.isasyncgenfunction(func):
            raise TypeError(f"{func.__qualname__} would run after the scope was left: enter it inside the function.")
        return super().__call__(func)

    def _recreate_cm(self) -> "Entering":
        return type(self)(self.scope, confined=self.confined)


def current() -> Scope:
    """The scope in force."""
    return _current.get()


def current_tenant_id() -> UUID:
    """The tenant in scope; raises NoTenant where there is none or more than one."""
    tenant_id = current().tenant_id
    if tenant_id is None:
        raise NoTenant(f"There is no single tenant in scope: {current()}.")
    return tenant_id


def tenant_scope(tenant: "Tenant | UUID | str") -> Entering:
    """Confine a block to one tenant, given as row or id."""
    return Entering(Scope(Reach.TENANT, UUID(str(getattr(tenant, "pk", tenant)))))


def every_tenant() -> Entering:
    """Let a block see all tenants: the doors of the staff, and jobs that go from tenant to tenant."""
    return Entering(EVERYBODY)


def owner() -> Entering:
    """Let a block act as the login that owns the tables: migrations and the flush between tests."""
    return Entering(OWNER)


def as_login() -> Entering:
    """The backend and its checks speaking for the installation, whatever the scope. Others have no reason to."""
    return Entering(OWNER, confined=False)
