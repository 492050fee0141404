"""Threads that do something at the same moment, as workers and web servers do."""

import threading
from collections.abc import Callable

from django.db import connection


def together(work: Callable[[int], None], threads: int) -> None:
    """Run `work(0…n-1)` in threads that start at the same moment; an exception in one fails the test."""
    barrier = threading.Barrier(threads)
    failures: list[Exception] = []

    def run(place: int) -> None:
        try:
            barrier.wait()
            work(place)
        except Exception as error:  # noqa: BLE001  handed to the test below
            failures.append(error)
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=[place]) for place in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert failures == []
