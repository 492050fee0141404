"""The apps that only wire others together."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class WiringConfig(AppConfig):
    """Brings the checks of production settings, and the admin's pages of tenants."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - importing registers them


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with our site."""

    default_site = "accounts.backoffice.Backoffice"
