"""Where things are in the admin."""

from django.db.models import Model
from django.urls import reverse


def page_of(row: Model) -> str:
    """The page of one row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_of(kind: type[Model]) -> str:
    """The list of a model's rows."""
    return reverse(f"admin:{kind._meta.app_label}_{kind._meta.model_name}_changelist")
