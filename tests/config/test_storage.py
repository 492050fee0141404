"""Static files as production serves them."""

import re
import shutil
from pathlib import Path

from django.conf import settings

from config.storage import HashedFiles

IMPORT = re.compile(r"""^(?:import|export)\b[^"';]*["'](\.[^"']+)["'];""", re.MULTILINE)


def collected(folder: Path) -> HashedFiles:
    """Our scripts under their hashed names, in `folder`."""
    shutil.copytree(settings.BASE_DIR / "static" / "js", folder / "js")
    shutil.copytree(settings.BASE_DIR / "static" / "vendor", folder / "vendor")
    storage = HashedFiles(location=folder, base_url="/static/")
    names = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    outcomes = list(storage.post_process({name: (storage, name) for name in names}))
    assert [outcome for *_names, outcome in outcomes if isinstance(outcome, Exception)] == []
    return storage


def test_modules_import_each_other_by_hashed_names(tmp_path: Path) -> None:
    storage = collected(tmp_path)
    walked: set[Path] = set()
    waiting = [tmp_path / storage.stored_name("js/app.js"), tmp_path / storage.stored_name("js/pages/board.js")]
    while waiting:
        module = waiting.pop()
        assert re.fullmatch(r".+\.[0-9a-f]{12}\.js", module.name), f"{module} may be stale in a browser's cache"
        if module not in walked:
            walked.add(module)
            waiting += [(module.parent / found).resolve() for found in IMPORT.findall(module.read_text("utf-8"))]
    assert {module.name.split(".")[0] for module in walked} >= {"app", "recado-socket", "sequence", "sortable"}
