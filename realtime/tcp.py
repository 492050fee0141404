"""Newline-delimited JSON over TCP or TLS: a line is a frame, both ways. `manage.py tcpgateway` serves it.

Everything else is as on `/ws/`: a sink and a Connection for each client, on the hub of this process.
"""

import asyncio
import signal
import socket
import ssl
from contextlib import suppress

from realtime import drain, hub
from realtime.connection import Connection
from realtime.ephemeral import Closed
from realtime.frames import FRAME_BYTES, unnumbered
from realtime.requests import BadFrame
from realtime.sinks import Sink
from realtime.tally import Transport
from realtime.websockets import ABORT_SECONDS, tune

ENDLESS_BYTES = 1024 * 1024
"""A longer line ends the connection; one over FRAME_BYTES is answered `too_large`."""

HANDSHAKE_SECONDS = 10.0
IDLE_SECONDS, PROBE_SECONDS, PROBES = 60, 20, 3
"""When the kernel asks whether a silent peer is still there: TCP has no pings."""


class LineSink(Sink):
    """Writes lines. The last one is `closed`, with the code that a websocket would close with."""

    __slots__ = ("_transport",)

    transport = Transport.TCP

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        super().__init__()
        self._transport = transport
        connection = transport.get_extra_info("socket")
        tune(connection)
        _keep_alive(connection)

    @staticmethod
    def encode(texts: list[bytes]) -> bytes:
        return b"".join(text + b"\n" for text in texts)

    def write(self, payload: bytes) -> None:
        if self._transport.is_closing():
            return
        if self.is_too_much(self._transport.get_write_buffer_size(), len(payload)):
            self.fall_behind()
            return
        self._transport.write(payload)

    def close(self, code: int, reason: str) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(self.encode([unnumbered(Closed(code=code, reason=reason))]))
        self._transport.close()
        asyncio.get_running_loop().call_later(ABORT_SECONDS, self._transport.abort)

    def stop(self) -> None:
        """Nothing of ours outlives the transport."""


def _keep_alive(connection: socket.socket | None) -> None:
    if connection is None:
        return
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, IDLE_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, PROBE_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, PROBES)


class Gateway:
    """The clients of this process."""

    def __init__(self) -> None:
        self._talks: dict[asyncio.Task[None], Connection] = {}

    async def listen(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Take clients in. `port` 0 is any; raises OSError."""
        hub.current().figures.is_web = False
        patience = HANDSHAKE_SECONDS if tls else None
        return await asyncio.start_server(
            self._accept, host, port, limit=FRAME_BYTES, ssl=tls, ssl_handshake_timeout=patience
        )

    async def leave(self) -> None:
        """Tell everybody and let them go, as the web server does."""
        await drain.leave(hub.current())
        for connection in self._talks.values():  # those who have not signed in: of them the hub does not know
            connection.sink.close(drain.RESTARTING, "restarting")
        if self._talks:
            await asyncio.wait(self._talks, timeout=ABORT_SECONDS)
        await hub.current().stop()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(LineSink(writer.transport))
        task = asyncio.get_running_loop().create_task(_talk(connection, reader, writer))
        self._talks[task] = connection
        task.add_done_callback(self._talks.pop)


async def serve(host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
    """Until SIGTERM or SIGINT. Raises OSError."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    gateway = Gateway()
    server = await gateway.listen(host, port, tls)
    await stop.wait()
    server.close()
    await gateway.leave()


async def _talk(connection: Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await connection.open(None)
        while not writer.transport.is_closing():
            connection.sink.say(await _reply(connection, await _line(reader)))
    except (EOFError, OSError):  # the client has gone
        return
    finally:
        await connection.leave()
        writer.close()


async def _reply(connection: Connection, line: bytes | None) -> bytes:
    if line is None:
        return await connection.refuse(BadFrame("too_large", f"A line may have {FRAME_BYTES} bytes."))
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return await connection.refuse(BadFrame("bad_json", "This is not UTF-8."))
    return await connection.reply(text.rstrip("\r\n"))


async def _line(reader: asyncio.StreamReader) -> bytes | None:
    """The next line, None if it was too long to keep. Raises EOFError when there is none, or it does not end."""
    skipped = 0
    while skipped <= ENDLESS_BYTES:
        try:
            line = await reader.readuntil()
        except asyncio.LimitOverrunError as overrun:
            skipped += len(await reader.readexactly(overrun.consumed))
        else:
            return None if skipped else line
    raise EOFError
