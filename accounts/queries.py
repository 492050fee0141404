"""People worth finding."""

from django.db.models import QuerySet

from accounts.models import User
from tenancy.scope import current_tenant_id


def colleagues() -> QuerySet[User]:
    """Everybody who works for the current tenant."""
    return User.objects.filter(tenant_id=current_tenant_id(), is_active=True).order_by("name", "id")
