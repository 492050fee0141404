from pathlib import Path

import pytest

from launch.follow import Follower
from launch.processes import Process, Program

LOG = """\
2026-11-22 10:00:00,000 INFO uvicorn.error Application startup complete.
2026-11-22 10:00:01,000 WARNING whatsapp.webhook no such number
2026-11-22 10:00:02,000 ERROR django.request Internal Server Error: /board
Traceback (most recent call last):
  File "board.py", line 3, in page
    column.cards
AttributeError: no cards
2026-11-22 10:00:03,000 INFO uvicorn.error still here
    an indented line of no importance
"""


def follow(log: Path, *, everything: bool = False) -> Follower:
    program = Program("web", ["true"])
    return Follower(Process(program, None, log), colour="cyan", everything=everything)  # type: ignore[arg-type]


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.partition("│ ")[2] for line in capsys.readouterr().out.splitlines()]


def test_follower_shows_warnings_and_whole_tracebacks(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.write_text(LOG, "utf-8")
    follower = follow(log)
    follower.show_news()
    follower.close()
    assert shown(capsys) == LOG.splitlines()[1:7]


def test_follower_waits_for_the_end_of_a_line(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.write_text("10:00 ERROR the disk", "utf-8")
    follower = follow(log)
    follower.show_news()
    assert shown(capsys) == []
    with log.open("a", encoding="utf-8") as end:
        end.write(" is full\n")
    follower.show_news()
    follower.close()
    assert shown(capsys) == ["10:00 ERROR the disk is full"]


def test_follower_shows_everything_when_asked(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.write_text(LOG, "utf-8")
    follower = follow(log, everything=True)
    follower.show_news()
    follower.close()
    assert shown(capsys) == LOG.splitlines()
