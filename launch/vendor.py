"""The few files of npm packages that pages load, copied to static/vendor: no bundler, nothing of others committed."""

import re
from pathlib import Path

from launch.place import PROJECT
from launch.trouble import Trouble

VENDOR = PROJECT / "static" / "vendor"
MODULES = {"sortable.js": "sortablejs/modular/sortable.esm.js"}
WANTED_ICONS = PROJECT / "templates" / "icons.txt"
UNCHECKED = "// @ts-nocheck\n"  # `make types` follows our imports into it
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def copy(modules: Path) -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in MODULES.items():
        _update(VENDOR / name, UNCHECKED + (modules / source).read_text("utf-8"))
    _update(VENDOR / "icons.svg", sprite(modules / "lucide-static" / "icons"))


def sprite(icons: Path) -> str:
    """The icons that the pages use, by their names and Lucide's older ones: 10 KB instead of 530."""
    symbols = "\n".join(_symbol(icons / f"{name}.svg") for name in WANTED_ICONS.read_text("utf-8").split())
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _update(path: Path, text: str) -> None:
    """Leaves a file that is right already its time, by which `make serve` tells whether to collect anew."""
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def _symbol(icon: Path) -> str:
    if not icon.exists():
        raise Trouble(f"{WANTED_ICONS} names {icon.stem}, which Lucide does not have: see lucide.dev for its icons.")
    drawing = DRAWING.search(icon.read_text("utf-8"))
    return f'<symbol id="{icon.stem}" viewBox="0 0 24 24">{drawing[1].strip() if drawing else ""}</symbol>'
