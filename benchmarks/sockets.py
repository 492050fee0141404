"""Sockets: what an idle one weighs, how fast an event reaches a thousand, how late under a steady load, at what CPU."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import uvloop

from benchmarks import bare, results, stage
from benchmarks.company import Company, found
from benchmarks.listening import Listener, listen_all, paths
from benchmarks.results import Line, at_least, at_most, milliseconds, note, quantile
from benchmarks.telling import MARK, teller
from launch.ports import free_port
from launch.processes import Process

IDLE, PER_AGENT = 10_000, 20
CROWD, CROWD_RATE, CROWD_SECONDS = 1_000, 20, 10
STEADY_TENANTS, STEADY_RATE, STEADY_SECONDS = 100, 50, 15  # 50 events/s to 100 sockets each: 5,000 frames/s
OFFICE_TENANTS, OFFICE_AGENTS, OFFICE_SECONDS = 20, 5, 20  # 100 sockets, an event a second for each
WARM_UP = 20

_MARKED = re.compile(rb'"%b":([\d.]+)' % MARK.encode())


@dataclass(slots=True)
class Spread:
    """One event on its way to many: when the first and the last socket had it, and how many did."""

    first: float = 0.0
    last: float = 0.0
    count: int = 0


@dataclass(slots=True)
class Tally:
    """What the sockets heard."""

    frames: int = 0
    events: dict[bytes, Spread] = field(default_factory=lambda: defaultdict(Spread))
    latencies: list[float] = field(default_factory=list)

    def hear(self, text: bytes) -> None:
        now = time.perf_counter()
        self.frames += 1
        for told_at in _MARKED.findall(text):
            spread = self.events[told_at]
            spread.first, spread.last, spread.count = spread.first or now, now, spread.count + 1
            self.latencies.append(now - float(told_at))

    def rate(self, sockets: int) -> float:
        """Frames a second while one event goes to all sockets, from the first that has it to the last: the median."""
        whole = [spread.last - spread.first for spread in self.events.values() if spread.count == sockets]
        return sockets / quantile(whole, 0.5)


@dataclass(frozen=True, slots=True)
class FanOut:
    """One event at a time to a crowd."""

    rate: float  # frames a second
    cpu: float  # seconds of the server for a frame
    latencies: Sequence[float]


def main() -> None:
    """Measure and publish."""
    load_before = results.load()
    with stage.recado() as (port, processes):
        weight, steady = uvloop.run(_many(port, processes[0]))
    with stage.recado() as (port, processes):
        ours = uvloop.run(crowd(port, processes[0]))
    theirs = uvloop.run(_bare_crowd())
    with stage.recado() as (port, processes):
        idle, office = uvloop.run(_office(port, processes[0]))
    lines = [*_many_lines(weight, steady), *_crowd_lines(ours, theirs), *_office_lines(idle, office)]
    results.publish("sockets", lines, load_before)


async def _many(port: int, web: Process) -> tuple[float, Tally]:
    companies = await asyncio.to_thread(found, STEADY_TENANTS, IDLE // STEADY_TENANTS // PER_AGENT)
    tally = Tally()
    weight, sockets = await weigh(port, web, tokens_of(companies), tally)
    await tell(companies, STEADY_RATE, STEADY_SECONDS)
    leave(sockets)
    return weight, tally


async def weigh(port: int, web: Process, tokens: Sequence[str], tally: Tally) -> tuple[float, list[Listener]]:
    """Bytes that each socket takes, and PER_AGENT sockets for each token."""
    leave(await listen_all(port, paths(tokens[:WARM_UP]), tally.hear))
    await asyncio.sleep(2)
    before = stage.resident_bytes(web)
    sockets = await listen_all(port, paths(tokens, PER_AGENT), tally.hear)
    await asyncio.sleep(3)
    return (stage.resident_bytes(web) - before) / len(sockets), sockets


async def crowd(port: int, web: Process) -> FanOut:
    """A thousand sockets of one tenant, one event at a time."""
    companies = await asyncio.to_thread(found, 1, CROWD // PER_AGENT)
    where = paths(tokens_of(companies), PER_AGENT)
    return await _fan_out(port, web, where, lambda _: tell(companies, CROWD_RATE, CROWD_SECONDS))


async def _bare_crowd() -> FanOut:
    port = free_port()
    with stage.running(bare.program(port)) as [server]:
        await asyncio.to_thread(stage.wait_for_port, port, server)

        async def begin(sockets: Sequence[Listener]) -> None:
            sockets[0].say(b"%d %d" % (CROWD_RATE, CROWD_RATE * CROWD_SECONDS))
            await asyncio.sleep(CROWD_SECONDS)

        return await _fan_out(port, server, ["/"] * CROWD, begin)


async def _fan_out(
    port: int, server: Process, where: Sequence[str], begin: Callable[[Sequence[Listener]], Awaitable[None]]
) -> FanOut:
    tally = Tally()
    sockets = await listen_all(port, where, tally.hear)
    await asyncio.sleep(1)
    before = stage.cpu_seconds(server)
    await begin(sockets)
    await asyncio.sleep(1)
    cpu = (stage.cpu_seconds(server) - before) / max(tally.frames, 1)
    leave(sockets)
    return FanOut(tally.rate(len(sockets)), cpu, tally.latencies)


async def _office(port: int, web: Process) -> tuple[float, float]:
    """The web process's share of a core with a hundred sockets: in silence, and at an event a second each."""
    companies = await asyncio.to_thread(found, OFFICE_TENANTS, OFFICE_AGENTS)
    sockets = await listen_all(port, paths(tokens_of(companies)), Tally().hear)
    await asyncio.sleep(2)
    idle = await _share(web, asyncio.sleep(OFFICE_SECONDS / 2))
    busy = await _share(web, tell(companies, OFFICE_TENANTS, OFFICE_SECONDS))
    leave(sockets)
    return idle, busy


async def _share(web: Process, meanwhile: Awaitable[None]) -> float:
    before, began = stage.cpu_seconds(web), time.perf_counter()
    await meanwhile
    return (stage.cpu_seconds(web) - before) / (time.perf_counter() - began)


async def tell(companies: Sequence[Company], rate: float, seconds: float) -> None:
    """Let events happen, and return when they have been heard or never will be."""
    with stage.running(teller(rate, seconds, [company.tenant.pk for company in companies])) as [telling]:
        await asyncio.to_thread(telling.popen.wait)
    if telling.exit_code:
        raise RuntimeError(f"nobody told the events: exit code {telling.exit_code}")
    await asyncio.sleep(1)


def tokens_of(companies: Sequence[Company]) -> list[str]:
    """Everybody's JWT."""
    return [token for company in companies for token in company.tokens]


def leave(sockets: Sequence[Listener]) -> None:
    """Close all; raises if the server had closed one before."""
    lost = sum(not socket.is_open for socket in sockets)
    for socket in sockets:
        socket.close()
    if lost:
        raise RuntimeError(f"{lost} of {len(sockets)} sockets were closed by the server")


def _many_lines(weight: float, steady: Tally) -> list[Line]:
    p50, p99 = milliseconds(steady.latencies)
    what = f"{STEADY_RATE * IDLE // STEADY_TENANTS:,} frames/s over {IDLE:,} sockets, action to socket"
    return [
        at_most(f"memory of an idle socket, {IDLE:,} of them", weight / 1024, 40, "KB"),
        note(f"{what}, p50", f"{p50:.1f} ms"),
        at_most("the same, p99", p99, 20, "ms"),
        _all_heard(steady, STEADY_RATE * STEADY_SECONDS, IDLE // STEADY_TENANTS),
    ]


def _all_heard(tally: Tally, events: int, sockets: int) -> Line:
    heard = sum(spread.count for spread in tally.events.values())
    return Line("events heard", f"{heard:,}", f"{events * sockets:,}", heard == events * sockets)


def _crowd_lines(ours: FanOut, theirs: FanOut) -> list[Line]:
    return [
        at_least(f"one event to {CROWD:,} sockets", ours.rate, 60_000, "frames/s"),
        at_least("the same, to a bare `websockets` broadcast", 100 * ours.rate / theirs.rate, 40, "%"),
        note("bare `websockets` broadcast", f"{theirs.rate:,.0f} frames/s"),
        note("CPU of the server for a frame, ours and bare", f"{ours.cpu * 1e6:.1f} µs, {theirs.cpu * 1e6:.1f} µs"),
    ]


def _office_lines(idle: float, busy: float) -> list[Line]:
    return [
        at_most("CPU of the web process, 100 sockets at an event a second each", busy * 100, 5, "% of a core"),
        note("the same while nothing happens", f"{idle:.1%} of a core"),
    ]
