"""Starts programs in tiers, watches them, and stops them the other way round."""

import itertools
import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NoReturn

from launch.follow import Follower
from launch.place import Place
from launch.processes import Process, Program, start
from launch.screen import say
from launch.stopping import is_urgent, pause
from launch.trouble import Trouble

HEARTBEAT = 0.1  # seconds between two looks at the programs
COLOURS = itertools.cycle(("cyan", "magenta", "blue", "yellow", "green"))


class Supervisor:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.environment: Mapping[str, str] = {}  # told to every program
        self.tiers: list[list[Process]] = []
        self.followers: list[Follower] = []

    def start(self, *programs: Program) -> None:
        """One tier: started together, and stopped together before the tiers that were started earlier."""
        tier: list[Process] = []
        self.tiers.append(tier)
        for program in programs:
            told = replace(program, environment={**self.environment, **program.environment})
            tier.append(process := start(told, self.place.log(program.name)))
            everything = "VERBOSE" in os.environ
            self.followers.append(Follower(process, colour=next(COLOURS), everything=everything))

    def wait_until(
        self, is_so: Callable[[], bool], *, patience: float = math.inf, otherwise: Callable[[], str] = str
    ) -> None:
        """Returns when it is so; raises `Trouble` when a program dies meanwhile, or `otherwise` when patience
        (seconds) ends.
        """
        deadline = time.monotonic() + patience
        while not is_so():
            self._look()
            if time.monotonic() > deadline:
                raise Trouble(otherwise())
            pause(HEARTBEAT)

    def watch(self) -> NoReturn:
        """For ever; ends by `Stop` or by the `Trouble` of a program that died."""
        while True:
            self._look()
            pause(HEARTBEAT)

    def stop(self) -> None:
        while self.tiers:
            self._stop_tier(self.tiers.pop())
        while self.followers:
            self.followers.pop().close()

    def _look(self) -> None:
        for follower in self.followers:
            follower.show_news()
        for process in itertools.chain.from_iterable(self.tiers):
            if process.exit_code is not None:
                raise Trouble(_obituary(process))

    def _stop_tier(self, tier: list[Process]) -> None:
        for process in tier:
            process.ask_to_stop()
        deadline = time.monotonic() + max((process.program.patience for process in tier), default=0)
        while any(process.exit_code is None for process in tier):
            if is_urgent() or time.monotonic() > deadline:
                break
            time.sleep(HEARTBEAT / 4)
        for process in tier:
            if process.exit_code is None:
                say(f"  {process.program.name} did not stop by itself and was killed.")
            process.kill()


def _obituary(process: Process) -> str:
    code = process.popen.returncode
    how = f"was killed by signal {-code}" if code < 0 else f"ended by itself with exit code {code}"
    return f"{process.program.name} {how}. The end of {process.log}:\n{process.last_words()}"
