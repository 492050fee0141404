from django.apps import AppConfig


class EventsConfig(AppConfig):
    """What happened: the catalogue of events and each tenant's event log."""

    name = "events"
