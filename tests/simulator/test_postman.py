"""Webhooks are repeated until they are taken, in order, over restarts."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.simulator.conftest import ROOT
from tests.simulator.parts import MARIA, PATIENCE, Helpdesk, Simulator


def test_refused_webhook_comes_again_unchanged(simulator: Simulator, helpdesk: Helpdesk) -> None:
    helpdesk.answers += [500, 503]
    simulator.says(body="Oi")

    first, second, third = helpdesk.wait_for(3)
    simulator.wait_idle()
    assert first == second == third
    assert simulator.messages()[0]["status"] == "delivered"


def test_chat_arrives_in_the_order_it_was_written(simulator: Simulator, helpdesk: Helpdesk) -> None:
    for n in range(10):
        simulator.says(body=str(n), wait=0)

    received = helpdesk.wait_for(10)
    assert [webhook.value["messages"][0]["text"]["body"] for webhook in received] == [str(n) for n in range(10)]


def test_queue_and_chats_survive_a_restart(
    start: Callable[[Path], Simulator], helpdesk: Helpdesk, tmp_path: Path
) -> None:
    first = start(tmp_path / "state.sqlite3")
    first.behave(customer=MARIA, delay_seconds=1)
    first.says(body="Não me perca", wait=0)
    first.process.kill()
    first.stop()
    assert helpdesk.received == []

    second = start(tmp_path / "state.sqlite3")
    (webhook,) = helpdesk.wait_for(1)
    second.wait_idle()
    assert webhook.value["messages"][0]["text"]["body"] == "Não me perca"
    assert second.messages()[0]["status"] == "delivered"
    second.stop()


def test_production_mode_is_refused() -> None:
    environment = {"RECADO_MODE": "production", "PATH": ""}
    command = [sys.executable, "-m", "simulator"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=PATIENCE, check=False)

    assert run.returncode != 0
    assert b"never runs with RECADO_MODE=production" in run.stderr
