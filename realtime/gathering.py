"""Asking for many at once: while one question is on its way, the next ones gather."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Gathering(Generic[Q, A]):
    """Questions of the same kind, asked together.

    A lone one is asked at once. Of many at most `most` are asked together, one such crowd at a time; `ask` answers them
    in their order.
    """

    def __init__(self, ask: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], most: int) -> None:
        self._ask, self._most = ask, most
        self._waiting: deque[tuple[Q, asyncio.Future[A]]] = deque()
        self._asking: asyncio.Task[None] | None = None

    async def answer(self, question: Q) -> A:
        """The answer to this one. Raises whatever asking for its crowd raised."""
        loop = asyncio.get_running_loop()
        found: asyncio.Future[A] = loop.create_future()
        self._waiting.append((question, found))
        if self._asking is None:
            self._asking = loop.create_task(self._ask_all())
        return await found

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                crowd = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
                await self._ask_together([question for question, _ in crowd], [found for _, found in crowd])
        finally:
            self._asking = None

    async def _ask_together(self, questions: Sequence[Q], futures: Sequence["asyncio.Future[A]"]) -> None:
        try:
            answers = dict(zip(futures, await self._ask(questions), strict=True))
        except Exception as error:  # noqa: BLE001 - whoever waits has to hear of it
            for future in _awaited(futures):
                future.set_exception(error)
            return
        for future in _awaited(futures):
            future.set_result(answers[future])


def _awaited(futures: Sequence["asyncio.Future[A]"]) -> list["asyncio.Future[A]"]:
    """Those whose question has not been cancelled."""
    return [future for future in futures if not future.done()]
