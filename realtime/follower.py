"""The hub follows the event log: what the channel layer loses, delays or swaps is read here, once per process.

Two things set it off: a hole in the seqs (something later arrived first), and a look at the counters once a second,
which notices what no later event would reveal: the last message before Redis died, or a publisher killed between commit
and publish. With Redis away, that look is how events arrive at all.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from uuid import UUID

from events import log
from events.models import Counter
from realtime.feed import Feed
from realtime.messages import told
from realtime.threads import in_tenant, on_watch

logger = logging.getLogger(__name__)

HOLE_SECONDS = 0.02
"""How long a hole may close by itself: two writers often publish in the other order."""

GRACE_SECONDS = 0.5
"""How long the layer may take to bring what a counter already shows: fragments are rendered in between."""

LOOK_SECONDS = 1.0


class Follower:
    """Reads the log for the feeds of one hub."""

    def __init__(self, feeds: Mapping[UUID, Feed]) -> None:
        self._feeds = feeds
        self._following: dict[UUID, asyncio.Task[None]] = {}
        self._early_look = asyncio.Event()

    def follow(self, feed: Feed, patience: float = HOLE_SECONDS) -> None:
        """Read the log for this feed if it is still behind after `patience` seconds."""
        if feed.tenant_id not in self._following:
            task = asyncio.get_running_loop().create_task(self._follow(feed, patience))
            self._following[feed.tenant_id] = task
            task.add_done_callback(lambda _: self._following.pop(feed.tenant_id))

    def look_now(self) -> None:
        """Compare with the counters at once rather than within a second."""
        self._early_look.set()

    async def run(self) -> None:
        """Look at the counters for ever."""
        while True:
            self._early_look.clear()
            await self._look()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._early_look.wait()

    async def _look(self) -> None:
        if not self._feeds:
            return
        try:
            newest = await on_watch(_newest_seqs, tuple(self._feeds))
        except Exception as error:  # noqa: BLE001 - the database is away; the next look finds what was missed
            logger.warning("The event counters cannot be read: %s", error)
            return
        for tenant_id, seq in newest.items():
            if (feed := self._feeds.get(tenant_id)) and feed.is_behind(seq):
                self.follow(feed, GRACE_SECONDS)

    async def _follow(self, feed: Feed, patience: float) -> None:
        await asyncio.sleep(patience)
        try:
            while feed.is_behind() and feed.sinks:
                await _read_on(feed)
        except Exception as error:  # noqa: BLE001 - still behind: the next look tries again
            logger.warning("The event log of %s cannot be read: %s", feed.tenant_id, error)


async def _read_on(feed: Feed) -> None:
    expected = feed.heard + 1
    page = await in_tenant(feed.tenant_id, log.since, feed.heard)
    if not page or page[0].seq > expected:
        feed.skip_to(page[0].seq - 1 if page else feed.newest)
    feed.hear(map(told, page))


def _newest_seqs(tenant_ids: Iterable[UUID]) -> dict[UUID, int]:
    return dict(Counter.objects.filter(tenant_id__in=tenant_ids).values_list("tenant_id", "seq"))
