"""From the event loop to the database and back: a few threads of our own, in a tenant's scope.

Django's usual `sync_to_async` would run the commands of all sockets in one thread, one behind the other.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async

from tenancy.scope import every_tenant, tenant_scope

P = ParamSpec("P")
R = TypeVar("R")

_threads = ThreadPoolExecutor(8, thread_name_prefix="realtime")


async def in_tenant(tenant_id: UUID, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that uses the database in the tenant's scope."""

    def run() -> R:
        with tenant_scope(tenant_id):
            return function(*args, **kwargs)

    return await _in_thread(run)


async def in_every_tenant(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that uses the database before or beyond any tenant: signing in, comparing counters."""

    def run() -> R:
        with every_tenant():
            return function(*args, **kwargs)

    return await _in_thread(run)


async def _in_thread(run: Callable[[], R]) -> R:
    result: R = await database_sync_to_async(run, thread_sensitive=False, executor=_threads)()
    return result
