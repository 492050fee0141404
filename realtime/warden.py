"""Whether those who are connected may stay: the rows are asked once a second, for all sessions of this process at once.

Nothing is pushed for it. A push can be lost, and not every change comes through our code (`manage.py changepassword`,
the admin, SQL), but no process can miss the rows (docs/decisions/011). The doors of chats move with the log: doors.py.
"""

import asyncio
import logging
from collections import defaultdict
from typing import Protocol

from accounts.standing import Admission, Verdict, judge
from realtime.members import Member
from realtime.threads import on_watch

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Guarded(Protocol):
    """A session as the warden sees it."""

    member: Member

    def expire(self, verdict: Verdict) -> None:
        """Tell the client why it is over, and close."""

    async def review(self) -> None:
        """Ask the doors of its rooms again."""


class Warden:
    """Watches the sessions of one hub."""

    def __init__(self) -> None:
        # by what they rest on, which the tabs of a browser share; kept, because ten thousand are not sorted in a moment
        self._sharing: defaultdict[Admission, set[Guarded]] = defaultdict(set)
        self._resting: dict[Guarded, Admission] = {}
        self._reviews: set[asyncio.Task[None]] = set()
        self._unreviewed: set[Guarded] = set()
        self.early = asyncio.Event()

    def watch(self, session: Guarded) -> None:
        """From now on, by what it rests on now."""
        grounds = self._resting[session] = session.member.admission
        self._sharing[grounds].add(session)

    def rests_anew(self, session: Guarded) -> None:
        """It rests on something else now. Nothing happens to one that has gone meanwhile."""
        if session in self._resting:
            self.forget(session)
            self.watch(session)

    def forget(self, session: Guarded) -> None:
        """Also of sessions that it has never seen."""
        grounds = self._resting.pop(session, None)
        if grounds is None:
            return
        self._sharing[grounds].discard(session)
        if not self._sharing[grounds]:
            del self._sharing[grounds]

    def look_now(self) -> None:
        """Not only within a second."""
        self.early.set()

    async def look(self) -> None:
        """Compare everybody with the rows. Raises DatabaseError: then everybody stays until the next look."""
        if not self._sharing:
            return
        for grounds, verdict in await on_watch(judge, tuple(self._sharing)):
            for session in tuple(self._sharing.get(grounds, ())):  # `auth` may have brought others meanwhile
                self._carry_out(session, verdict)
        while self._unreviewed:
            self._review(self._unreviewed.pop())

    def _carry_out(self, session: Guarded, verdict: Verdict) -> None:
        if verdict is Verdict.CHANGED:
            self._review(session)
        else:
            self.forget(session)
            session.expire(verdict)

    def _review(self, session: Guarded) -> None:
        task = asyncio.get_running_loop().create_task(self._reviewed(session))
        self._reviews.add(task)
        task.add_done_callback(self._reviews.discard)

    async def _reviewed(self, session: Guarded) -> None:
        try:
            await session.review()
        except Exception as error:  # noqa: BLE001 - the database is away: again after the next look
            logger.warning("Rooms could not be reviewed: %s", error)
            self._unreviewed.add(session)
