"""Typing that customers may be shown: the bell for it is rung once in a while, however often somebody types."""

import asyncio
import logging
from uuid import UUID

from realtime.threads import in_tenant
from whatsapp import indicator

SOON_SECONDS = 5.0
"""When to try again what another process has had shown."""

logger = logging.getLogger(__name__)


class Indicators:
    """Of this process. Asking the bell costs a thread and Redis, so it is not asked in vain."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._shown: set[UUID] = set()
        self._showing: set[asyncio.Task[None]] = set()

    def show(self, tenant_id: UUID, conversation_id: UUID) -> None:
        """Somebody writes to a customer; nobody waits for what comes of it."""
        if conversation_id in self._shown:
            return
        self._shown.add(conversation_id)
        task = self._loop.create_task(self._show(tenant_id, conversation_id))
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)

    async def _show(self, tenant_id: UUID, conversation_id: UUID) -> None:
        seconds = SOON_SECONDS
        try:
            if await in_tenant(tenant_id, indicator.ring, conversation_id):
                seconds = indicator.AGAIN_SECONDS
        except Exception as error:  # noqa: BLE001 - nobody waits for it
            logger.warning("Typing could not be shown: %s", error)
        self._loop.call_later(seconds, self._shown.discard, conversation_id)
