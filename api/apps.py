from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST for machines."""

    name = "api"
