"""Questions that are asked together."""

import asyncio
from collections.abc import Sequence

import pytest

from realtime.gathering import Gathering


class Oracle:
    """Doubles numbers, but only while its door is open."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.was_asked, self.open = asyncio.Event(), asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.asked.append(list(numbers))
        self.was_asked.set()
        await self.open.wait()
        if 0 in numbers:
            raise ZeroDivisionError
        return [2 * number for number in numbers]


async def test_questions_that_come_together_are_asked_together_and_no_more_than_allowed() -> None:
    gathering = Gathering(oracle := Oracle(), 3)
    asking = [asyncio.create_task(gathering.answer(number)) for number in range(1, 6)]
    oracle.open.set()
    assert await asyncio.gather(*asking) == [2, 4, 6, 8, 10]
    assert oracle.asked == [[1, 2, 3], [4, 5]]


async def test_questions_gather_while_others_are_on_their_way() -> None:
    gathering = Gathering(oracle := Oracle(), 10)
    first = asyncio.create_task(gathering.answer(1))
    await oracle.was_asked.wait()
    later = [asyncio.create_task(gathering.answer(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    later[1].cancel()
    oracle.open.set()
    assert [await first, await later[0], await later[2]] == [2, 4, 8]
    assert await gathering.answer(5) == 10
    assert oracle.asked[0] == [1]
    assert oracle.asked[-1] == [5]


async def test_failure_is_told_to_whoever_was_in_that_crowd_and_to_nobody_else() -> None:
    gathering = Gathering(oracle := Oracle(), 2)
    asking = [asyncio.create_task(gathering.answer(number)) for number in (1, 0, 3)]
    oracle.open.set()
    for failed in asking[:2]:
        with pytest.raises(ZeroDivisionError):
            await failed
    assert await asking[2] == 6


@pytest.mark.parametrize("answers", [[], [2, 4, 6]])
async def test_crowd_that_gets_too_few_or_too_many_answers_waits_no_longer(answers: list[int]) -> None:
    async def mistaken(_numbers: Sequence[int]) -> list[int]:
        return answers

    gathering = Gathering(mistaken, 2)
    asking = [asyncio.create_task(gathering.answer(number)) for number in (1, 2)]
    async with asyncio.timeout(10):
        for failed in asking:
            with pytest.raises(ValueError, match="zip"):
                await failed
