"""What has to be true before the first request: tables, translations, people."""

from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command

from simulator.cast import seed


def prepare() -> None:
    """Migrate, compile the translations and seed; harmless the second time."""
    call_command("migrate", verbosity=0, interactive=False)
    for source in Path(settings.LOCALE_PATHS[0]).rglob("*.po"):
        _compile(source)
    seed()


def _compile(source: Path) -> None:
    """Write the .mo beside the .po, if it is missing or older; needs no gettext on the machine."""
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        polib.pofile(str(source)).save_as_mofile(str(target))
