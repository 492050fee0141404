"""The client: one connection at a time, made again when it breaks."""

import asyncio
import itertools
import json
import random
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from recado_client.errors import Closed, CommandError, ConnectionLost, SignInFailed
from recado_client.events import Event, Timeline
from recado_client.signing_in import GetToken, by_password, by_token, socket_url

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
RESTARTING = 1012
RESTART_SPREAD = 5.0
"""Over how many seconds clients return to a server that restarts."""

UNAUTHENTICATED = 4401
FINAL = frozenset({1000, UNAUTHENTICATED, 4403, 4429})
"""Codes after which nobody should just try again."""

CONNECTED = "connected"
RESYNC = "resync"


class Client:
    """An async context manager, and an async iterator over events."""

    def __init__(
        self,
        url: str,
        *,
        token: str | GetToken | None = None,
        email: str = "",
        password: str = "",
        since: int | None = None,
    ) -> None:
        self._address = socket_url(url)
        proof = by_token(token) if isinstance(token, str) else token
        self._get_token: GetToken = proof or by_password(url, email, password)
        self._can_renew = not isinstance(token, str)
        self._timeline = Timeline(since)
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()  # None wakes the iteration up: it is over
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._ids = itertools.count(1)
        self._rooms: set[str] = set()
        self._socket: ClientConnection | None = None
        self._open = asyncio.Event()
        self._was_open = False
        self._over: Exception | None = None  # why no connection will be made any more
        self._failures = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._fetching = asyncio.Lock()

    @property
    def seen(self) -> int | None:
        """The seq of the newest event that was handed over: `since` of a later client."""
        return self._timeline.seen

    async def __aenter__(self) -> Self:
        socket = await self._connect()
        self._spawn(self._stay(socket))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        socket, tasks = self._socket, list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if socket:
            await socket.close()

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Every event once, in order. Raises Closed when the server does not want us any more, and whatever the `token`
        function raised.
        """
        while not (self._over and self._events.empty()):
            if event := await self._events.get():
                yield event
        raise self._over

    async def ask(self, command: str, data: dict[str, Any] | None = None, *, timeout: float = 10) -> Any:  # noqa: ASYNC109
        """The reply's data; waits for a connection too.

        Raises CommandError, ConnectionLost, TimeoutError, and what ended the iteration.
        """
        async with asyncio.timeout(timeout):
            await self._open.wait()
            if self._over:
                raise self._over
            return await self._ask(command, data or {})

    async def join(self, conversation_id: str) -> None:
        """View a conversation, also after a reconnection."""
        await self.ask("conversation:join", {"conversationId": conversation_id})
        self._rooms.add(conversation_id)

    async def leave(self, conversation_id: str) -> None:
        """View it no more."""
        self._rooms.discard(conversation_id)
        await self.ask("conversation:leave", {"conversationId": conversation_id})

    async def _ask(self, command: str, data: dict[str, Any]) -> Any:
        if self._socket is None:
            raise ConnectionLost
        request_id = str(next(self._ids))
        answer = self._answers[request_id] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(json.dumps({"type": command, "requestId": request_id, "data": data}))
            return await answer
        except ConnectionClosed as closed:
            raise ConnectionLost from closed
        finally:
            self._answers.pop(request_id, None)

    # The connection

    async def _connect(self) -> ClientConnection:
        headers = {"Authorization": f"Bearer {await self._get_token()}"}
        return await connect(self._address, additional_headers=headers, max_size=None)

    async def _stay(self, socket: ClientConnection) -> None:
        """Read until the connection breaks, make a new one, and so on."""
        while True:
            delay = await self._read(socket)
            if delay is None:
                return
            try:
                socket = await self._reconnect(delay)
            except SignInFailed as failed:
                self._give_up(Closed(UNAUTHENTICATED, str(failed)))
                return
            except Exception as error:  # noqa: BLE001 - the user's `token` function may raise anything
                self._give_up(error)
                return

    async def _reconnect(self, delay: float) -> ClientConnection:
        while True:
            await asyncio.sleep(delay)
            try:
                return await self._connect()
            except (OSError, WebSocketException):
                delay = self._backoff()

    def _backoff(self) -> float:
        """Seconds, longer after every failure, at random so that clients do not return all at once."""
        longest = min(LONGEST_DELAY, FIRST_DELAY * 2**self._failures)
        self._failures = min(self._failures + 1, 10)
        return random.uniform(longest / 2, longest)  # noqa: S311 - spread, not secrecy

    async def _read(self, socket: ClientConnection) -> float | None:
        """Take frames until the end; after how many seconds to return, or None for never."""
        self._socket = socket
        try:
            async for frame in socket:
                found = json.loads(frame)
                for item in found if isinstance(found, list) else [found]:
                    self._take(item)
        except ConnectionClosed:
            pass  # without the closing handshake: a lost network
        finally:
            self._lose()
        return self._delay_after(socket.close_code or 0, socket.close_reason or "")

    def _delay_after(self, code: int, reason: str) -> float | None:
        was_open, self._was_open = self._was_open, False
        if code == UNAUTHENTICATED and self._can_renew and was_open:  # its token has expired
            return 0.0
        if code in FINAL:
            self._give_up(Closed(code, reason))
            return None
        return random.uniform(0, RESTART_SPREAD) if code == RESTARTING else self._backoff()  # noqa: S311

    def _give_up(self, reason: Exception) -> None:
        self._over = reason
        self._events.put_nowait(None)
        self._open.set()  # whoever waits in `ask` is told

    def _lose(self) -> None:
        self._socket = None
        self._open.clear()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(ConnectionLost())

    # What comes in

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "reply":
            self._take_answer(frame)
            return
        event = Event.of(frame)
        if event.type == CONNECTED:
            self._begin(event)
        self._hand_over(self._timeline.take(event))
        if self._timeline.is_behind:
            self._spawn(self._catch_up())

    def _take_answer(self, reply: dict[str, Any]) -> None:
        answer = self._answers.get(reply["requestId"] or "")
        if answer is None or answer.done():
            return
        if reply["status"] == "ok":
            answer.set_result(reply["data"])
        else:
            answer.set_exception(CommandError(reply["error"]))

    def _begin(self, connected: Event) -> None:
        self._failures = 0
        self._was_open = True
        self._timeline.know(connected.data["seq"])
        self._open.set()
        self._spawn(self._come_back(connected.data["heartbeat"]))

    def _hand_over(self, events: list[Event]) -> None:
        for event in events:
            self._events.put_nowait(event)

    async def _come_back(self, heartbeat: float) -> None:
        """Join the rooms again, then ask now and then for the newest seq, as long as this connection lasts."""
        socket = self._socket
        for conversation_id in tuple(self._rooms):
            with suppress(CommandError, ConnectionLost):
                await self._enter(conversation_id)
        while self._socket is socket:
            await asyncio.sleep(heartbeat)
            with suppress(CommandError, ConnectionLost):
                self._timeline.know((await self._ask("ping", {}))["seq"])
                await self._catch_up()

    async def _enter(self, conversation_id: str) -> None:
        """Waits where others have used up what may be asked."""
        try:
            await self._ask("conversation:join", {"conversationId": conversation_id})
        except CommandError as error:
            if error.retry_after is None:
                raise
            await asyncio.sleep(error.retry_after)
            if conversation_id in self._rooms:
                await self._enter(conversation_id)

    async def _catch_up(self) -> None:
        """Fetch what is missing. A connection that breaks meanwhile leads here again."""
        async with self._fetching:
            with suppress(ConnectionLost):
                while self._timeline.is_behind:
                    more = await self._fetch()
                    if not more:
                        self._hand_over(self._timeline.release())

    async def _fetch(self) -> bool:
        """One page; whether there are more."""
        try:
            missed = await self._ask("events:since", {"seq": self._timeline.seen})
        except CommandError as error:
            await asyncio.sleep(error.retry_after or 1)
            return True
        if missed.get("resync"):
            self._timeline.restart(missed["seq"])
            self._hand_over([Event(RESYNC, {}, missed["seq"])])
            return False
        self._hand_over(self._timeline.fetched(map(Event.of, missed["events"]), missed["seq"]))
        return bool(missed["more"])

    def _spawn(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
