from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """What happened: the catalogue of events and each tenant's event log."""

    name = "events"
    verbose_name = _("Events")
