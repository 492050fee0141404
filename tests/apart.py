"""Several processes share the tests (`pytest -n 2`): what each has alone, beside its database of pytest-django's."""

import os
from urllib.parse import urlsplit


def settle() -> None:
    """A Redis database and a folder for files of this process's own. Before the settings are read."""
    worker = os.environ.pop("PYTEST_XDIST_WORKER", None)  # "gw0", "gw1", …
    if worker is None:  # one process has it all, or this is a server that one of them started
        return
    redis = urlsplit(os.environ["REDIS_URL"])
    number = int(redis.path.strip("/") or 0) + int(worker.removeprefix("gw"))
    os.environ["REDIS_URL"] = redis._replace(path=f"/{number}").geturl()
    if media := os.environ.get("MEDIA_ROOT"):
        os.environ["MEDIA_ROOT"] = os.path.join(media, worker)  # noqa: PTH118  text in, text out
