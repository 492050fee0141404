"""The few files of npm packages that pages load, copied to static/vendor: no bundler, nothing of others committed."""

import re
import shutil
from pathlib import Path

from launch.place import PROJECT

VENDOR = PROJECT / "static" / "vendor"
MODULES = {"sortable.js": "sortablejs/modular/sortable.esm.js"}
ICONS = "lucide-static/sprite.svg"
# `icons.svg#send` in a template or module is what asks for an icon.
USE = re.compile(r"""icons\.svg['"]?\s*%?\}?#([a-z0-9-]+)""")
SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)".*?</symbol>', re.DOTALL)


def copy(modules: Path) -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in MODULES.items():
        shutil.copyfile(modules / source, VENDOR / name)
    shutil.copyfile(modules / ICONS, VENDOR / "icons.svg")
