"""What has to be true before the first request: tables and people."""

from django.core.management import call_command

from simulator.cast import seed


def prepare() -> None:
    """Migrate and seed; harmless the second time."""
    call_command("migrate", verbosity=0, interactive=False)
    seed()
