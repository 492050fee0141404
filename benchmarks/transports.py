"""The plain socket and Socket.IO side by side: what a connection weighs, frames a second, action to client."""

import asyncio

import uvloop

from benchmarks import results, stage
from benchmarks.company import found
from benchmarks.listening import Listener, listen_all
from benchmarks.results import Line, milliseconds, note
from benchmarks.sockets import CROWD, CROWD_RATE, CROWD_SECONDS, PER_AGENT, WARM_UP, Tally, leave, tell, tokens_of
from launch.processes import Process

KINDS = {"websocket": "/ws/?access_token={}", "Socket.IO": "/socket.io/?EIO=4&transport=websocket&access_token={}"}
AT_ONCE = 50
CONNECTED = b'42["connected"'
SIGN_IN = b"40"
"""Socket.IO's packet that connects; the token is in the address."""


def main() -> None:
    """Measure and publish."""
    load_before = results.load()
    lines: list[Line] = []
    for kind, address in KINDS.items():
        with stage.recado() as (port, processes):
            lines += uvloop.run(_measure(kind, address, port, processes[0]))
    results.publish("transports", lines, load_before)


async def _measure(kind: str, address: str, port: int, web: Process) -> list[Line]:
    companies = await asyncio.to_thread(found, 1, CROWD // PER_AGENT)
    addresses = [address.format(token) for token in tokens_of(companies) for _ in range(PER_AGENT)]
    tally = Tally()
    leave(await _connect(port, addresses[:WARM_UP], tally))
    await asyncio.sleep(2)
    before = stage.resident_bytes(web)
    sockets = await _connect(port, addresses, tally)
    await asyncio.sleep(2)
    weight = (stage.resident_bytes(web) - before) / len(sockets)
    tally.frames, worked = 0, stage.cpu_seconds(web)
    await tell(companies, CROWD_RATE, CROWD_SECONDS)
    cpu = (stage.cpu_seconds(web) - worked) / max(tally.frames, 1)
    leave(sockets)
    return _lines(kind, weight, cpu, tally)


async def _connect(port: int, addresses: list[str], tally: Tally) -> list[Listener]:
    """A few at a time: who has not signed in within seconds is closed."""
    sockets: list[Listener] = []
    signed_in: asyncio.Queue[None] = asyncio.Queue()

    def hear(text: bytes) -> None:
        if text.startswith(CONNECTED):
            signed_in.put_nowait(None)
        tally.hear(text)

    for start in range(0, len(addresses), AT_ONCE):
        some = await listen_all(port, addresses[start : start + AT_ONCE], hear)
        for socket in some if "socket.io" in addresses[0] else ():
            socket.say(SIGN_IN)
            await signed_in.get()
        sockets += some
    return sockets


def _lines(kind: str, weight: float, cpu: float, tally: Tally) -> list[Line]:
    p50, p99 = milliseconds(tally.latencies)
    heard = sum(spread.count for spread in tally.events.values())
    return [
        note(f"{kind}: memory of an idle connection, {CROWD:,} of them", f"{weight / 1024:.1f} KB"),
        note(f"{kind}: one event to {CROWD:,} connections", f"{tally.rate(CROWD):,.0f} frames/s"),
        note(f"{kind}: CPU of the server for a frame", f"{cpu * 1e6:.1f} µs"),
        note(f"{kind}: action to client, p50, p99", f"{p50:.1f} ms, {p99:.1f} ms"),
        note(f"{kind}: events heard", f"{heard:,} of {CROWD * CROWD_RATE * CROWD_SECONDS:,}"),
    ]
