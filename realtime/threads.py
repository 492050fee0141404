"""From the event loop to the database and back: a few threads of our own with a connection each, in a tenant's scope.

Django's usual `sync_to_async` would run the commands of all sockets in one thread, one behind the other.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from uuid import UUID

from tenancy.postgresql.keeping import kept_connection
from tenancy.scope import every_tenant, tenant_scope

P = ParamSpec("P")
R = TypeVar("R")

_threads = ThreadPoolExecutor(8, thread_name_prefix="realtime")
_watch = ThreadPoolExecutor(1, thread_name_prefix="realtime-watch")


async def in_tenant(tenant_id: UUID, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that uses the database in the tenant's scope."""

    def run() -> R:
        with tenant_scope(tenant_id):
            return function(*args, **kwargs)

    return await _in_thread(run)


async def in_every_tenant(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that uses the database before or beyond any tenant: signing in."""
    return await _in_thread(_beyond_tenants(function, *args, **kwargs))


async def on_watch(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The same for what has to be looked at every second, however many commands wait for the other threads."""
    return await _in_thread(_beyond_tenants(function, *args, **kwargs), _watch)


def _beyond_tenants(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Callable[[], R]:
    def run() -> R:
        with every_tenant():
            return function(*args, **kwargs)

    return run


async def _in_thread(run: Callable[[], R], threads: ThreadPoolExecutor = _threads) -> R:
    return await asyncio.get_running_loop().run_in_executor(threads, _with_connection, run)


def _with_connection(run: Callable[[], R]) -> R:
    with kept_connection():
        return run()
