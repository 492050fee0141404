"""Concurrent requests share a commit: one statement and one fsync for all bodies of the same few milliseconds."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, InterfaceError, connections

from whatsapp import bell, gate, inbox

_Letter = tuple[inbox.Incoming, asyncio.Future[None]]


class Letterbox:
    """Bodies on their way into the inbox: while one statement runs, the next ones gather."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, "recado-inbox")  # one thread, so one connection
        self.gathered: list[_Letter] = []
        self.flushing: asyncio.Task[None] | None = None

    async def put(self, incoming: inbox.Incoming) -> None:
        """Return once `incoming` is committed. Raises DatabaseError when it cannot be."""
        done = asyncio.get_running_loop().create_future()
        self.gathered.append((incoming, done))
        if self.flushing is None:
            self.flushing = asyncio.create_task(self._flush())
        await done

    async def _flush(self) -> None:
        while self.gathered:
            batch, self.gathered = self.gathered, []
            await self._commit(batch)
        self.flushing = None

    async def _commit(self, batch: Sequence[_Letter]) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self.thread, inbox.store, [incoming for incoming, _ in batch])
        except Exception as error:  # noqa: BLE001  every waiting request has to hear of it
            _answer(batch, error)
        else:
            _answer(batch)
            self.thread.submit(bell.ring)

    async def read_secrets(self) -> None:
        """Refresh the book of secrets; an old one serves while the database is away."""
        try:
            await asyncio.get_running_loop().run_in_executor(self.thread, gate.secrets.refresh)
        except (DatabaseError, InterfaceError):
            if not gate.secrets.read_at:
                raise

    async def subscribe(self, mode: str, token: str, challenge: str) -> gate.Answer:
        """`gate.subscribe` on the thread that has a connection."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, gate.subscribe, mode, token, challenge)

    async def close(self) -> None:
        """Let go of the thread and its connection."""
        await asyncio.get_running_loop().run_in_executor(self.thread, connections.close_all)
        self.thread.shutdown()


def _answer(batch: Sequence[_Letter], error: Exception | None = None) -> None:
    for _, done in batch:
        if done.done():  # its request was cancelled
            continue
        if error:
            done.set_exception(error)
        else:
            done.set_result(None)


_letterboxes: dict[asyncio.AbstractEventLoop, Letterbox] = {}


def current() -> Letterbox:
    """The letterbox of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _letterboxes:
        _letterboxes[loop] = Letterbox()
    return _letterboxes[loop]


async def close() -> None:
    """For the end of the running event loop."""
    box = _letterboxes.pop(asyncio.get_running_loop(), None)
    if box:
        await box.close()
