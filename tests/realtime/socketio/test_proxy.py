"""Long polling over two web processes behind nginx, with the configuration that we hand out."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings

from tests.cast import Company
from tests.realtime.client import token
from tests.realtime.happenings import happen
from tests.realtime.serving import ROOT, STARTING_SECONDS, Program, free_port, serve, until
from tests.realtime.socketio.client import POLLING, UPGRADE, WEBSOCKET, Client

pytestmark = pytest.mark.django_db(transaction=True)

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def site(port: int, first: Program, second: Program) -> str:
    """`deploy/nginx.conf` without TLS, on other ports."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    text = text.replace("127.0.0.1:8001", f"127.0.0.1:{first.port}").replace(
        "127.0.0.1:8002", f"127.0.0.1:{second.port}"
    )
    text = re.sub(r"^server \{\n    listen 80;.*?^\}\n", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^ +(ssl_\w+|access_log|listen \[::\]:443) .*;\n", "", text, flags=re.MULTILINE)
    return text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")


@contextmanager
def nginx(folder: Path, first: Program, second: Program) -> Iterator[Program]:
    """In the foreground, with all its files in a folder of its own."""
    port = free_port()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {folder / kind};" for kind in kinds)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; master_process off; pid {folder / 'pid'}; error_log {folder / 'error.log'};\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{places}\n{site(port, first, second)}\n}}\n",
        "utf-8",
    )
    assert NGINX
    command = [NGINX, "-c", str(configuration), "-p", str(folder), "-e", str(folder / "error.log")]
    with Program(subprocess.Popen(command), port) as proxy:
        until(lambda: _answers(proxy), STARTING_SECONDS)
        yield proxy


def _answers(proxy: Program) -> bool:
    try:
        return httpx.get(f"{proxy.http}/healthz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def proxy(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """nginx before two processes."""
    if NGINX is None:
        pytest.skip("there is no nginx on this machine: apt-get install nginx")
    with (
        serve(settings.REDIS_URL, SOCKETIO_NODE="8001") as first,
        serve(settings.REDIS_URL, SOCKETIO_NODE="8002") as second,
        nginx(tmp_path_factory.mktemp("nginx"), first, second) as running,
    ):
        yield running


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "mode",
    [pytest.param(POLLING, id="polling"), pytest.param(UPGRADE, id="upgrade"), pytest.param(WEBSOCKET, id="websocket")],
)
def test_clients_of_two_processes_hear_everything(proxy: Program, acme: Company, mode: dict[str, Any]) -> None:
    people = (acme.ana, acme.caio, acme.sofia, acme.bruno)
    clients = [Client(proxy.http, token(person), **mode) for person in people]
    try:
        for client in clients:
            client.event("connected")
        for start in range(0, 50, 5):
            happen(acme.tenant, *range(start, start + 5))
        for client in clients:
            assert client.ask("ping")["status"] == "ok"
            heard = [client.event("conversation:updated")["updates"]["number"] for _ in range(50)]
            assert heard == list(range(50))
    finally:
        for client in clients:
            client.__exit__(None, None, None)


@pytest.mark.timeout(180)
def test_sessions_stay_with_the_process_that_their_id_names(proxy: Program) -> None:
    opened = [httpx.get(f"{proxy.http}/socket.io/?EIO=4&transport=polling").text for _ in range(8)]
    ids = [re.search(r'"sid":"([^"]+)"', text)[1] for text in opened]  # type: ignore[index]
    assert {each.split(".")[0] for each in ids} == {"8001", "8002"}
    for each in ids:
        address = f"{proxy.http}/socket.io/?EIO=4&transport=polling&sid={each}"
        assert httpx.post(address, content="3").status_code == 200
    elsewhere = ids[0].replace("8001", "800x").replace("8002", "8001").replace("800x", "8002")
    address = f"{proxy.http}/socket.io/?EIO=4&transport=polling&sid={elsewhere}"
    assert httpx.post(address, content="3").status_code == 400
