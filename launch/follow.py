"""Showing what the logs say, without standing between a program and its log file."""

import re
from enum import Enum, auto

from launch.processes import Process
from launch.screen import paint, say

TRACEBACK = "Traceback (most recent call last)"


class Shows(Enum):
    NOTHING = auto()
    ENTRY = auto()  # a loud line and what is indented below it
    TRACEBACK = auto()  # that, and the line after it: the exception itself


class Follower:
    """Prints the new lines of one program's log: warnings and errors, or everything."""

    def __init__(self, process: Process, *, colour: str, everything: bool) -> None:
        self.log = process.log.open("rb")
        self.alarms = re.compile(process.program.alarms)
        self.prefix = paint(f"{process.program.name:>9} │ ", colour)
        self.everything = everything
        self.shows = Shows.NOTHING
        self.rest = b""

    def show_news(self) -> None:
        *lines, self.rest = (self.rest + self.log.read()).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace")
            if self._is_loud(text) or self.everything:
                say(self.prefix + text)

    def close(self) -> None:
        self.log.close()

    def _is_loud(self, line: str) -> bool:
        if line.startswith(TRACEBACK):
            self.shows = Shows.TRACEBACK
            return True
        if self.alarms.search(line):
            self.shows = Shows.ENTRY
            return True
        if line[:1].isspace():
            return self.shows is not Shows.NOTHING
        ended, self.shows = self.shows, Shows.NOTHING
        return ended is Shows.TRACEBACK
