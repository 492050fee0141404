"""The layer groups that this process is in, kept as its feeds want them."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from realtime.feed import Feed
from realtime.messages import group

Layer: TypeAlias = Any  # Channels has no types

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5


class Membership:
    """The only caller of group_add and group_discard: wanted against had, until they are the same.

    Both raise while Redis is away, and sockets must be able to come and go meanwhile.
    """

    def __init__(self, layer: Layer, channel: str, wanted: Mapping[UUID, Feed], on_join: Callable[[], None]) -> None:
        self._layer, self._channel, self._wanted, self._on_join = layer, channel, wanted, on_join
        self._joined: set[UUID] = set()
        self.changed = asyncio.Event()

    async def run(self) -> None:
        """Follow the wishes for ever."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            try:
                await self._reconcile()
            except Exception as error:  # noqa: BLE001 - whatever it is, the wish stands
                logger.warning("The channel layer refuses: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
                self.changed.set()

    async def _reconcile(self) -> None:
        for tenant_id in self._joined - self._wanted.keys():
            await self._layer.group_discard(group(tenant_id), self._channel)
            self._joined.discard(tenant_id)
        for tenant_id in self._wanted.keys() - self._joined:
            await self._layer.group_add(group(tenant_id), self._channel)
            self._joined.add(tenant_id)
            self._on_join()  # group_add returns before SUBSCRIBE is in force
