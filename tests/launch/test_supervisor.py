"""Starting, watching and stopping, with small programs in the place of ours."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from launch import stopping
from launch.place import PROJECT, Place
from launch.processes import Program, command_of, run
from launch.supervisor import Supervisor
from launch.trouble import Trouble
from tests.waiting import eventually

# Writes its name into a file when it is asked to stop, so that the order can be read there.
POLITE = """
import pathlib, signal, sys
def leave(*_):
    with pathlib.Path(sys.argv[2]).open("a") as story:
        print(sys.argv[1], file=story)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("up", flush=True)
signal.pause()
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
# A launcher whose program has a child of its own, as Celery has.
FAMILY = """
import sys
from pathlib import Path
from launch.place import Place
from launch.processes import Program
from launch.supervisor import Supervisor
supervisor = Supervisor(Place(Path(sys.argv[1])))
supervisor.start(Program("family", ["/bin/sh", "-c", "trap 'kill $!; exit' TERM; sleep 600 & echo $! $$; wait"]))
supervisor.watch()
"""


def python(name: str, code: str, *arguments: str, patience: float = 10) -> Program:
    return Program(name, [sys.executable, "-c", code, *arguments], patience=patience)


def start_and_wait(supervisor: Supervisor, *programs: Program) -> None:
    """Until each has said that it is up."""
    supervisor.start(*programs)
    logs = [supervisor.place.log(program.name) for program in programs]
    eventually(lambda: all("up" in log.read_text("utf-8") for log in logs))


def test_tiers_stop_in_the_reverse_of_their_start(supervisor: Supervisor, tmp_path: Path) -> None:
    story = tmp_path / "story"
    for name in ("postgres", "redis", "web"):
        start_and_wait(supervisor, python(name, POLITE, name, str(story)))
    supervisor.stop()
    assert story.read_text("utf-8").split() == ["web", "redis", "postgres"]


def test_a_program_that_does_not_stop_is_killed(supervisor: Supervisor, capsys: pytest.CaptureFixture[str]) -> None:
    start_and_wait(supervisor, python("stubborn", STUBBORN, patience=0.2))
    process = supervisor.tiers[0][0]
    supervisor.stop()
    assert process.exit_code == -signal.SIGKILL
    assert "stubborn did not stop by itself" in capsys.readouterr().out


def test_a_second_signal_hurries(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    start_and_wait(supervisor, python("stubborn", STUBBORN, patience=600))
    monkeypatch.setattr(stopping, "heard", [1.0, 5.0])
    supervisor.stop()
    assert supervisor.tiers == []


def test_watching_tells_which_program_died_and_why(supervisor: Supervisor) -> None:
    supervisor.start(python("worker", "raise SystemExit('the broker is on fire')"))
    with pytest.raises(Trouble, match=r"worker ended by itself with exit code 1(.|\n)*the broker is on fire"):
        supervisor.watch()


def test_watching_tells_of_a_kill(supervisor: Supervisor) -> None:
    start_and_wait(supervisor, python("beat", STUBBORN))
    supervisor.tiers[0][0].popen.kill()
    with pytest.raises(Trouble, match="beat was killed by signal 9"):
        supervisor.watch()


def test_waiting_ends_when_patience_does(supervisor: Supervisor) -> None:
    with pytest.raises(Trouble, match="not today"):
        supervisor.wait_until(lambda: False, patience=0, otherwise=lambda: "not today")


def test_programs_are_told_the_environment_of_all_and_their_own(supervisor: Supervisor) -> None:
    supervisor.environment = {"OF_ALL": "a", "OF_BOTH": "b"}
    program = Program("teller", ["/bin/sh", "-c", 'echo "up $OF_ALL $OF_BOTH"'], environment={"OF_BOTH": "own"})
    start_and_wait(supervisor, program)
    assert supervisor.place.log("teller").read_text("utf-8") == "up a own\n"


def test_killing_the_launcher_takes_the_programs_and_their_children_along(place: Place) -> None:
    launcher = subprocess.Popen([sys.executable, "-c", FAMILY, place.root], env={"PYTHONPATH": str(PROJECT)})
    log = place.log("family")
    eventually(lambda: log.exists() and len(log.read_text("utf-8").split()) == 2)
    family = [int(pid) for pid in log.read_text("utf-8").split()]
    launcher.kill()
    launcher.wait()
    eventually(lambda: not any(command_of(pid) for pid in family))


def test_a_short_program_that_fails_becomes_a_sentence() -> None:
    with pytest.raises(Trouble, match=r"Migrating the database failed(.|\n)*no such table"):
        run("Migrating the database", Program("migrate", ["/bin/sh", "-c", "echo no such table; exit 1"]))


def test_a_signal_ends_the_next_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "heard", [])
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        stopping.listen()
        stopping.pause(0)
        signal.raise_signal(signal.SIGHUP)
        with pytest.raises(stopping.Stop):
            stopping.pause(0)
        signal.raise_signal(signal.SIGTERM)  # the same wish, passed on by make
        assert not stopping.is_urgent()
        stopping.heard[:] = [stopping.heard[0] - 2]
        signal.raise_signal(signal.SIGINT)
        assert stopping.is_urgent()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
