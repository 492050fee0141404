"""The units for a server start the same programs, with the same options, as the launcher does."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

import pytest

from launch import programs
from launch.processes import Program
from realtime.management.commands.tcpgateway import Command

DEPLOY = Path(__file__).parents[2] / "deploy"
OF_THE_PLACE = {"--fd", "--host", "--port", "--hostname", "--schedule"}  # differ from machine to machine

UNITS = {
    "recado-web@.service": programs.web("web", 0),
    "recado-ingest.service": programs.ingest(),
    "recado-worker.service": programs.worker(),
    "recado-beat.service": programs.beat(Path("schedule")),
}


@pytest.mark.parametrize(("unit", "program"), UNITS.items(), ids=lambda each: each if isinstance(each, str) else "")
def test_unit_starts_what_the_launcher_starts(unit: str, program: Program) -> None:
    text = (DEPLOY / unit).read_text("utf-8").replace("\\\n", " ")
    started = re.search(r"^ExecStart=(.+)$", text, re.MULTILINE)
    assert started
    assert _options(shlex.split(started[1])) == _options(program.command)


@pytest.mark.parametrize(("unit", "program"), UNITS.items(), ids=lambda each: each if isinstance(each, str) else "")
def test_unit_is_as_patient_as_the_launcher(unit: str, program: Program) -> None:
    patience = re.search(r"^TimeoutStopSec=(\d+)$", (DEPLOY / unit).read_text("utf-8"), re.MULTILINE)
    assert patience
    assert int(patience[1]) >= program.patience


def test_unit_of_the_tcp_gateway_says_what_its_command_takes() -> None:
    text = (DEPLOY / "recado-tcpgateway.service").read_text("utf-8").replace("\\\n", " ")
    started = re.search(r"^ExecStart=\S+ manage.py tcpgateway (.+)$", text, re.MULTILINE)
    assert started
    Command().create_parser("manage.py", "tcpgateway").parse_args(shlex.split(started[1]))


def test_target_wants_every_unit() -> None:
    wanted = re.search(r"^Wants=(.+)$", (DEPLOY / "recado.target").read_text("utf-8"), re.MULTILINE)
    assert wanted
    assert {re.sub(r"@\d+", "@", unit) for unit in wanted[1].split()} == UNITS.keys()


def _options(command: Iterable[str]) -> list[str]:
    """What follows the interpreter, without what differs from machine to machine."""
    found: list[str] = []
    words = iter([*command][1:])
    for word in words:
        if word in OF_THE_PLACE:
            next(words)
        else:
            found.append(word)
    return found
