from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A Tuesday morning to look at: two tenants, their people, a few dozen conversations. Demo mode only."""

    name = "demo"
