"""Whether those who are connected may stay: the rows are asked once a second, for all sessions of this process at once.

Nothing is pushed for it. A push can be lost, and not every change comes through our code (`manage.py changepassword`,
the admin, SQL), but no process can miss the rows (docs/decisions/011). What changes single rooms comes as an event that
says whose doors to ask again.
"""

import asyncio
import logging
from collections.abc import Collection, Coroutine
from typing import Any, Protocol
from uuid import UUID

from accounts.standing import Ending, Standing, judge
from realtime.proofs import Member
from realtime.threads import in_every_tenant

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Guarded(Protocol):
    """A session as the warden sees it."""

    member: Member

    def expire(self, ending: Ending) -> None:
        """Tell the client why it is over, and close."""

    async def review(self) -> None:
        """Ask the doors of its rooms again."""


class Warden:
    """Watches the sessions of one hub."""

    def __init__(self) -> None:
        self._sessions: set[Guarded] = set()
        self._reviews: set[asyncio.Task[None]] = set()
        self.early = asyncio.Event()

    def watch(self, session: Guarded) -> None:
        self._sessions.add(session)

    def forget(self, session: Guarded) -> None:
        """Also of sessions that it has never seen."""
        self._sessions.discard(session)

    def look_now(self) -> None:
        """Not only within a second."""
        self.early.set()

    def review(self, user_ids: Collection[UUID]) -> None:
        """The rooms of these people may have closed."""
        for session in self._sessions:
            if session.member.user_id in user_ids:
                self._spawn(session.review())

    async def look(self) -> None:
        """Compare everybody with the rows. Raises DatabaseError: then everybody stays until the next look."""
        sessions = tuple(self._sessions)
        if not sessions:
            return
        verdicts = await in_every_tenant(judge, [session.member.admission for session in sessions])
        for session, verdict in zip(sessions, verdicts, strict=True):
            self._carry_out(session, verdict)

    def _carry_out(self, session: Guarded, verdict: Standing | Ending) -> None:
        if isinstance(verdict, Ending):
            self.forget(session)
            session.expire(verdict)
        elif verdict != session.member.admission.standing:
            self._spawn(session.review())

    def _spawn(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(_survived(job))
        self._reviews.add(task)
        task.add_done_callback(self._reviews.discard)


async def _survived(job: Coroutine[Any, Any, None]) -> None:
    try:
        await job
    except Exception as error:  # noqa: BLE001 - the database is away: the next look finds the same difference
        logger.warning("Rooms could not be reviewed: %s", error)
