"""Wakes the postman when something was put in his queue, from any thread."""

import asyncio


class Doorbell:
    """An event that any thread can set, once somebody listens on a loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rung = asyncio.Event()

    def listen(self) -> None:
        """Hear the bell on the running loop; before this, ringing does nothing."""
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        """There is something to do."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float | None) -> None:
        """Until the bell rings, or at most so many seconds (None: for ever)."""
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except TimeoutError:
            return
        self._rung.clear()


doorbell = Doorbell()
