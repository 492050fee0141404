"""The hub: the one place of a process that hears a tenant's events and hands them to the local sinks.

One hub per event loop. It is one channel on the channel layer, in one group per tenant that has a socket here; rooms
are local. What the layer loses, the follower reads from the event log.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

from realtime import attendance, figures, presence, seats, stats, store, warden, watching
from realtime.attendance import Presence
from realtime.feed import Feed
from realtime.figures import Figures
from realtime.follower import Follower
from realtime.gathering import Gathering
from realtime.indicators import Indicators
from realtime.limits import Limits
from realtime.members import Member, identify
from realtime.membership import Membership
from realtime.messages import Ephemeral, ephemerals_of, events_of
from realtime.meter import meter
from realtime.proofs import Proof, Refused
from realtime.relay import Relay
from realtime.seats import Seats
from realtime.sinks import Sink
from realtime.stats import Counts
from realtime.threads import in_every_tenant
from realtime.turns import Turns
from realtime.typists import Typists
from realtime.warden import Warden

logger = logging.getLogger(__name__)

SIGNING_IN = 50
"""How many prove who they are together, one such crowd at a time: the other threads are for those who work.

Each of fifty costs a quarter of a lone one; larger crowds save nothing and hold the interpreter longer.
"""

_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def current() -> "Hub":
    """The running loop's hub, started on first use (by the ASGI lifespan where the server has one)."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
        hub.start()
    return hub


class Hub:
    """Feeds by tenant, and the tasks that keep them fed."""

    def __init__(self) -> None:
        self.layer: Any = get_channel_layer()
        self.channel = f"recado.hub.{uuid4().hex}"
        self.redis = store.asynchronous()
        self.door: Gathering[Proof, Member | Refused] = Gathering(_identified, SIGNING_IN)
        self.feeds: dict[UUID, Feed] = {}
        self.limits = Limits(self.redis)
        self.seats = Seats(self.redis)
        self.turns = Turns()
        self.counts = Counts(self.redis, self.feeds)
        self.meter = meter()
        self.figures = Figures(self.redis, self.counts.process, self.meter, self.feeds)
        self.warden = Warden()
        self.follower = Follower(self.feeds)
        self.membership = Membership(self.layer, self.channel, self.feeds, self.follower.look_now)
        self.presence = Presence(self.redis, presence.tell)
        self.typists = Typists(Relay().tell)
        self.indicators = Indicators()
        self._html = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin listening; Redis may be away."""
        jobs = (
            self._listen(),
            self.membership.run(),
            self.follower.run(),
            _repeat(self._tell_watched, watching.BEAT_SECONDS, self._html),
            _repeat(self.counts.write, stats.BEAT_SECONDS, self.counts.changed),
            _repeat(self.figures.write, figures.BEAT_SECONDS, asyncio.Event()),
            self.figures.watch_loop(),
            _repeat(self.seats.renew, seats.RENEW_SECONDS, asyncio.Event()),
            _repeat(self.warden.look, warden.LOOK_SECONDS, self.warden.early),
            _repeat(self.presence.tick, attendance.TICK_SECONDS, asyncio.Event()),
        )
        self._tasks = [asyncio.get_running_loop().create_task(job) for job in jobs]

    async def stop(self) -> None:
        """End the tasks and take this process out of the statistics."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.presence.stop()
        await self.counts.withdraw()
        await self.figures.withdraw()
        await self.redis.aclose()
        _hubs.pop(asyncio.get_running_loop(), None)

    def attach(self, sink: Sink, tenant_id: UUID, seq: int, rooms: Iterable[str]) -> Feed:
        """Let a sink hear its rooms, which were read when the log ended with `seq`. It hears what follows the `seq` of
        the feed.
        """
        feed = self.feeds.get(tenant_id)
        if feed is None:
            feed = self.feeds[tenant_id] = Feed(tenant_id, seq, self.follower.follow, self.presence.of(tenant_id))
            self.membership.changed.set()
        feed.add(sink, rooms, seq)
        sink.tally = self.meter.tally(tenant_id, sink.transport)
        sink.tally.connections += 1
        self.counts.changed.set()
        if sink.language:
            self._html.set()
        return feed

    def detach(self, sink: Sink, tenant_id: UUID) -> None:
        """Forget a sink; a tenant's last one takes its feed along. Detaching twice does nothing."""
        feed = self.feeds.get(tenant_id)
        if feed is None or sink not in feed.sinks:
            return
        feed.remove(sink)
        sink.tally.connections -= 1
        self.counts.changed.set()
        if not feed.sinks:
            del self.feeds[tenant_id]
            self.membership.changed.set()

    async def _listen(self) -> None:
        while True:
            try:
                # never wait_for(receive()): cancelling it deletes the channel
                message = await self.layer.receive(self.channel)
            except Exception as error:  # noqa: BLE001 - its own SUBSCRIBE failed, which no group needs
                logger.warning("The channel layer does not answer: %s", error)
                await asyncio.sleep(1)
            else:
                self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        try:
            self._hand_on(message)
        except Exception:  # what cannot be read comes of another release, during an update; the log has its events
            logger.exception("A message of the channel layer could not be handed on.")

    def _hand_on(self, message: dict[str, Any]) -> None:
        feed = self.feeds.get(UUID(message["tenant"]))
        if feed is None:
            return
        if message["type"] == "ephemeral":
            self._pass_on(feed, ephemerals_of(message))
        else:
            feed.hear(events_of(message))

    def _pass_on(self, feed: Feed, events: list[Ephemeral]) -> None:
        if any(event.type in presence.TOLD for event in events):
            presence.forget_picture(feed.tenant_id)
        feed.pass_on(events)

    async def _tell_watched(self) -> None:
        languages = {tenant_id: feed.members.languages() for tenant_id, feed in self.feeds.items()}
        await watching.tell(self.redis, languages)


async def _identified(proofs: Sequence[Proof]) -> Sequence[Member | Refused]:
    return await in_every_tenant(identify, proofs)


async def _repeat(job: Callable[[], Awaitable[None]], seconds: float, early: asyncio.Event) -> None:
    """Run `job` every so often, and at once when `early` is set; its failures are logged and survived."""
    while True:
        early.clear()
        try:
            await job()
        except Exception as error:  # noqa: BLE001
            logger.warning("%s failed: %s", job.__qualname__, error)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # before Python 3.12 wait_for() may swallow a cancellation
                await early.wait()
