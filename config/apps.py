"""The apps that only wire others together."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

OURS = ("tenancy", "events", "accounts", "conversations", "whatsapp", "kanban")


class WiringConfig(AppConfig):
    """Brings checks of production settings, the admin's pages of tenants, and names of fields in every language."""

    name = "config"

    def ready(self) -> None:
        from config import checks, labels  # noqa: F401 - importing the checks registers them

        labels.translate(model for model in apps.get_models() if model.__module__.split(".")[0] in OURS)


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with our site."""

    default_site = "accounts.backoffice.Backoffice"
