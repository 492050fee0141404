"""Celery tasks that work for one tenant."""

from typing import Any
from uuid import UUID

from celery import Task

from tenancy.scope import tenant_scope


class TenantTask(Task):  # type: ignore[type-arg]  # it is generic in the stubs only
    """`@shared_task(base=TenantTask)`: the first argument is the tenant's id, and the body runs in its scope."""

    abstract = True

    def __call__(self, tenant_id: UUID | str, *args: Any, **kwargs: Any) -> Any:
        with tenant_scope(tenant_id):
            return super().__call__(tenant_id, *args, **kwargs)
