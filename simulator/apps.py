"""The one Django app of the simulator."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    """Templates, static files and models of the simulator."""

    name = "simulator"
