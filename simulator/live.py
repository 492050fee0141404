"""Who has a phone open in the browser, and telling them what changed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from simulator.exchanges import Exchange

BACKLOG = 200


@dataclass(frozen=True)
class Change:
    """Something a page may want to draw anew; `chat` is a Chat.key, empty for everybody."""

    kind: Literal["message", "typing", "behaviour", "exchange", "reload"]
    chat: str = ""
    message_id: int | None = None
    exchange: Exchange | None = None


@dataclass(eq=False)
class Viewer:
    """One page that shows one chat."""

    chat: str
    changes: asyncio.Queue[Change] = field(default_factory=lambda: asyncio.Queue(BACKLOG))

    def hear(self, change: Change) -> None:
        """Keep the change for the page; one that fell too far behind is told to load itself again."""
        if self.changes.full():
            self.changes = asyncio.Queue(BACKLOG)
            change = Change("reload")
        self.changes.put_nowait(change)


class Audience:
    """The open pages. Their loop is the only one that changes them; any thread may tell."""

    def __init__(self) -> None:
        self._viewers: set[Viewer] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def gather(self) -> None:
        """Tell changes on the running loop; before this, nobody hears them."""
        self._loop = asyncio.get_running_loop()

    def tell(self, change: Change) -> None:
        """Tell every open page."""
        if self._loop is not None and self._viewers and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, change)

    def _spread(self, change: Change) -> None:
        for viewer in self._viewers:
            viewer.hear(change)

    @contextmanager
    def viewing(self, chat: str) -> Iterator[Viewer]:
        """A page that has this chat open, for as long as the block lasts."""
        viewer = Viewer(chat)
        self._viewers.add(viewer)
        try:
            yield viewer
        finally:
            self._viewers.discard(viewer)

    def is_open(self, chat: str) -> bool:
        """Whether somebody is looking at this chat now."""
        return any(viewer.chat == chat for viewer in tuple(self._viewers))


audience = Audience()
