"""Ctrl-C, SIGTERM and the closing of the terminal all mean the same: stop everything, in order."""

import signal
from types import FrameType


class Stop(BaseException):
    """Somebody wants us to stop. Not an Exception: nobody but the top may catch it."""


class Stopping:
    """While this is entered, a signal raises `Stop` once; a second one asks to hurry."""

    def __init__(self) -> None:
        self.is_asked = False
        self.is_urgent = False

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.is_urgent = self.is_asked
        if not self.is_asked:
            self.is_asked = True
            raise Stop
