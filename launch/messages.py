"""The translations: compiled at set-up without gettext's programs, and checked for completeness by `make lint`."""

import sys
from pathlib import Path

import polib

from launch.place import PROJECT


def catalogues() -> list[Path]:
    """Those of the project and of its apps."""
    return sorted([*PROJECT.glob("locale/*/LC_MESSAGES/*.po"), *PROJECT.glob("*/locale/*/LC_MESSAGES/*.po")])


def compile_all() -> None:
    """Writes each .mo that is missing or older than its .po."""
    for source in catalogues():
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


def gaps() -> list[str]:
    """What stands in a catalogue and is not translated, or only guessed (fuzzy)."""
    return [
        f"{path.relative_to(PROJECT)}:{entry.linenum}: {entry.msgid!r} has no checked translation"
        for path in catalogues()
        for entry in polib.pofile(str(path))
        if not entry.obsolete and not entry.translated()
    ]


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        found = gaps()
        print("\n".join(found) or "Every message is translated.")
        sys.exit(bool(found))
    compile_all()
