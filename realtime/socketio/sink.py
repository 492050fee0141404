"""The sink of a Socket.IO session, over a websocket or over polling."""

import asyncio
from contextlib import suppress
from typing import Any

from realtime.ephemeral import Closed
from realtime.frames import unnumbered
from realtime.proofs import FORBIDDEN, UNAUTHENTICATED
from realtime.session import GOODBYE, TOO_MANY
from realtime.sinks import TOO_SLOW, Sink
from realtime.socketio.packets import Packets, goodbye, packets
from realtime.tally import Transport
from realtime.websockets import ABORT_SECONDS

FINAL = frozenset({GOODBYE, UNAUTHENTICATED, FORBIDDEN, TOO_MANY})
"""Codes after which a client should not just try again. After all others socket.io-client returns by itself."""

_departures: set[asyncio.Task[None]] = set()


class SocketIOSink(Sink):
    """`engine` is engineio's socket. Holds everything back until `begin`: clients drop what comes before `connect`."""

    __slots__ = ("_engine", "_held", "closed")

    transport = Transport.SOCKETIO

    def __init__(self, engine: Any) -> None:
        super().__init__()
        self._engine = engine
        self._held: list[Packets] | None = []
        self.closed: tuple[int, str] | None = None

    @staticmethod
    def encode(texts: list[bytes]) -> Packets:
        return packets(texts)

    def begin(self) -> None:
        """The client knows that it is connected."""
        held, self._held = self._held, None
        if self.closed:
            self._depart()
        for payload in held or ():
            self.write(payload)

    def write(self, payload: Packets) -> None:
        if self.closed:
            return
        if self._held is not None:
            self._held.append(payload)
        elif self._engine.upgraded and not self._engine.queue.unsent:  # else it would overtake what is queued
            websocket: Sink = self._engine.websocket
            websocket.tally = self.tally  # there it falls behind, if it does
            websocket.write(payload.frames(type(websocket)))
        else:
            self._enqueue(payload)

    def _enqueue(self, payload: Packets) -> None:
        if self.is_too_much(self._engine.queue.size, len(payload)):
            self.tally.slow_closes += 1
            self.end(TOO_SLOW, "too slow")
            return
        for packet in payload.queued():
            self._engine.queue.put_nowait(packet)

    def close(self, code: int, reason: str) -> None:
        if self.closed:
            return
        if self._held is None:
            self._say_goodbye(code, reason)
            self.end(code, reason)
        elif code in FINAL:  # the client will be told that it may not connect
            self.closed = (code, reason)
        else:
            self.end(code, reason)

    def _say_goodbye(self, code: int, reason: str) -> None:
        self.say(unnumbered(Closed(code=code, reason=reason)))
        if code in FINAL:
            self.write(goodbye())

    def stop(self) -> None:
        """What Engine.IO holds ends with its socket."""
        self.closed = self.closed or (GOODBYE, "")

    def end(self, code: int, reason: str) -> None:
        """End the transport without a word. Ending twice does nothing."""
        if not self.closed:
            self.closed = (code, reason)
            self._depart()

    def _depart(self) -> None:
        task = asyncio.get_running_loop().create_task(_leave(self._engine, *(self.closed or (GOODBYE, ""))))
        _departures.add(task)
        task.add_done_callback(_departures.discard)


async def _leave(engine: Any, code: int, reason: str) -> None:
    """End the transport once the last words have been fetched, or after a while."""
    with suppress(TimeoutError):
        await asyncio.wait_for(engine.queue.join(), ABORT_SECONDS)
    if engine.upgraded:
        engine.websocket.close(code, reason)
    else:
        await engine.close(wait=False)
