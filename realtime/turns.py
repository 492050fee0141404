"""How many commands of one person run at once in this process: the threads are for everybody."""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

AT_ONCE = 3
"""Of the eight threads. Twenty sockets with slow commands would otherwise keep all of them."""


class Turns:
    """Kept only while somebody's commands run or wait."""

    def __init__(self) -> None:
        self._of: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, user_id: UUID) -> asyncio.Semaphore:
        """What to hold while a command of this person runs."""
        turns = self._of.get(user_id)
        if turns is None:
            turns = self._of[user_id] = asyncio.Semaphore(AT_ONCE)
        return turns
