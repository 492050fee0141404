from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """The only code that knows Channels."""

    name = "realtime"
