"""From Meta's POST to the agents' sockets: how late at a quiet rate, a busy rate for 20 s, the highest that holds."""

import asyncio
import gc
import re
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import uvloop

from benchmarks import commits, results, stage, webhooks
from benchmarks.company import Company, app_secret, found
from benchmarks.listening import Hear, Listener, listen_all, paths
from benchmarks.posting import Posted, Poster
from benchmarks.results import Line, at_least, at_most, milliseconds, note
from conversations.models import Message
from launch import programs
from launch.processes import Process
from tenancy.scope import every_tenant

TENANTS, AGENTS, CONTACTS = 20, 5, 200
QUIET_RATE, QUIET_TENANTS = 200, 4  # 20 agents
BUSY_RATE = 2_000
SECONDS = 20
LADDER = (2_500, 3_000, 3_500, 4_000, 5_000, 6_000)
WARM_UP_SECONDS = 10
"""Afterwards contacts and conversations exist, and what a program does only at first is done."""
RUNG_SECONDS = 5
KEPT_UP_SECONDS = 1.0
"""How long after the last answer the last socket may hear the last message for a rate to count as sustained."""

_MARKED = re.compile(rb'"content":"%b(\d+)"' % webhooks.MARK.encode())


@dataclass(slots=True)
class Heard:
    """What the sockets of a run heard: how often each message, and when (seconds of perf_counter)."""

    times: bytearray
    at: "array[float]" = field(default_factory=lambda: array("d"))
    number: "array[int]" = field(default_factory=lambda: array("q"))

    @property
    def count(self) -> int:
        return len(self.at)

    def latencies(self, posted: Posted) -> list[float]:
        """Seconds from when a POST was due to each socket that heard of it."""
        due_at = posted.due_at
        return [at - due_at[number] for at, number in zip(self.at, self.number, strict=True)]


@dataclass(frozen=True, slots=True)
class Run:
    """One rate, kept for a while."""

    rate: float
    posted: Posted
    heard: Heard
    behind: float  # seconds from the last answer to the last event
    cpu: Sequence[float]  # seconds, of web server and worker

    @property
    def is_complete(self) -> bool:
        """Every message was answered with 200 and heard once by each agent of its tenant."""
        return not self.posted.refused and set(self.heard.times) == {AGENTS}

    @property
    def kept_up(self) -> bool:
        return self.is_complete and self.behind <= KEPT_UP_SECONDS


class Load:
    """The tenants, their agents' sockets and Meta, in this process."""

    def __init__(self, port: int, processes: Sequence[Process], companies: Sequence[Company]) -> None:
        self._processes, self._companies = processes, companies
        self._poster = Poster(port)
        self._port = port
        self._heard = Heard(bytearray())
        self._first = 0
        self.acknowledged = 0
        self.sockets: list[Listener] = []

    async def connect(self) -> None:
        """An agent, a socket."""
        tokens = [token for company in self._companies for token in company.tokens]
        self.sockets = await listen_all(self._port, paths(tokens), self._hearing())

    def _hearing(self) -> Hear:
        def hear(text: bytes) -> None:
            now, heard, first = time.perf_counter(), self._heard, self._first
            for match in _MARKED.findall(text):
                number = int(match) - first
                if number >= 0:  # else of an earlier run
                    heard.times[number] += 1
                    heard.at.append(now)
                    heard.number.append(number)

        return hear

    async def run(self, rate: float, seconds: float) -> Run:
        """Keep a rate, then wait until everybody has heard everything, or nothing more comes."""
        count = int(rate * seconds)
        requests = webhooks.requests(self._companies, CONTACTS, count, app_secret(), self._first)
        self._heard = Heard(bytearray(count))
        gc.collect()
        gc.freeze()
        before = self._cpu()
        posted = await self._poster.run(requests, rate)
        await self._settle(count * AGENTS)
        cpu = [now - then for now, then in zip(self._cpu(), before, strict=True)]
        self._first += count
        self.acknowledged += count - len(posted.refused)
        return Run(rate, posted, self._heard, max(self._heard.at, default=0) - max(posted.answered_at), cpu)

    def _cpu(self) -> list[float]:
        return [stage.cpu_seconds(process) for process in self._processes]

    async def _settle(self, expected: int, patience: float = 10) -> None:
        """Everything heard, and a moment more for what should not come."""
        count, since = -1, time.monotonic()
        while self._heard.count < expected and time.monotonic() - since < patience:
            if self._heard.count != count:
                count, since = self._heard.count, time.monotonic()
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)


def main(seconds: str = "") -> None:
    """Measure and publish; only print where another duration is asked for."""
    load_before = results.load()
    bare = commits.commits_per_second()
    length = float(seconds or SECONDS)
    with stage.recado(programs.ingest()) as (port, processes):
        quiet = uvloop.run(_quiet(port, processes, length))
        busy, highest = uvloop.run(_busy(port, processes, length))
    lines = [*_quiet_lines(quiet), *_busy_lines(busy, highest, bare)]
    results.publish("ingest", lines, load_before, keep=not seconds)


async def _quiet(port: int, processes: Sequence[Process], seconds: float) -> Run:
    companies = await asyncio.to_thread(found, QUIET_TENANTS, AGENTS)
    load = Load(port, processes, companies)
    await load.connect()
    await load.run(QUIET_RATE, WARM_UP_SECONDS)
    run = await load.run(QUIET_RATE, seconds)
    _leave(load)
    return run


async def _busy(port: int, processes: Sequence[Process], seconds: float) -> tuple[Run, float]:
    companies = await asyncio.to_thread(found, TENANTS, AGENTS)
    load = Load(port, processes, companies)
    await load.connect()
    await load.run(QUIET_RATE, WARM_UP_SECONDS)
    run = await load.run(BUSY_RATE, seconds)
    stored = await asyncio.to_thread(_stored, companies)
    if stored != load.acknowledged:
        raise RuntimeError(f"{load.acknowledged} messages were acknowledged and {stored} are stored")
    highest = await _climb(load, BUSY_RATE if run.kept_up else 0)
    _leave(load)
    return run, highest


async def _climb(load: Load, highest: float) -> float:
    """The highest rate that holds for some seconds: upwards from what held, or downwards from what did not."""
    for rate in LADDER if highest else range(BUSY_RATE - 250, 250, -250):
        kept_up = (await load.run(rate, RUNG_SECONDS)).kept_up
        if kept_up != bool(highest):
            return rate if kept_up else highest
        highest = rate if kept_up else 0
    return highest


def _leave(load: Load) -> None:
    lost = sum(not socket.is_open for socket in load.sockets)
    for socket in load.sockets:
        socket.close()
    if lost:
        raise RuntimeError(f"{lost} sockets were closed during the run")


def _stored(companies: Sequence[Company]) -> int:
    with every_tenant():
        return Message.objects.filter(tenant__in=[company.tenant for company in companies]).count()


def _quiet_lines(run: Run) -> list[Line]:
    event, answer = milliseconds(run.heard.latencies(run.posted)), milliseconds(run.posted.latencies)
    return [
        at_most(f"POST to event at {run.rate:g} webhooks/s, {QUIET_TENANTS * AGENTS} agents, p50", event[0], 10, "ms"),
        at_most("the same, p99", event[1], 40, "ms"),
        note("the webhook's answer meanwhile, p50, p99", f"{answer[0]:.1f} ms, {answer[1]:.1f} ms"),
    ]


def _busy_lines(run: Run, highest: float, bare: float) -> list[Line]:
    event, answer = milliseconds(run.heard.latencies(run.posted)), milliseconds(run.posted.latencies)
    through = run.heard.count / AGENTS / (run.posted.seconds + max(run.behind, 0))
    return [
        at_least(
            f"messages end to end, {run.rate:g}/s for {SECONDS} s, {TENANTS} tenants", through, run.rate * 0.98, "/s"
        ),
        Line("lost, double", f"{_lost(run)}, {_double(run)}", "0, 0", run.is_complete),
        at_most("the webhook's answer meanwhile, p50", answer[0], 5, "ms"),
        at_most("the same, p99", answer[1], 25, "ms"),
        note("POST to event meanwhile, p50, p99", f"{event[0]:.0f} ms, {event[1]:.0f} ms"),
        note("CPU of web server and of ingest worker for a message", _cpu(run)),
        note("the highest rate at which events are no second behind", f"{highest:g}/s"),
        note("PostgreSQL's own single-row commits, one connection", f"{bare:,.0f}/s"),
        note("messages end to end to single-row commits", f"{through / bare:.2f}"),
    ]


def _cpu(run: Run) -> str:
    return " and ".join(f"{seconds / len(run.heard.times) * 1e6:.0f} µs" for seconds in run.cpu)


def _lost(run: Run) -> int:
    return sum(1 for times in run.heard.times if times < AGENTS) + len(run.posted.refused)


def _double(run: Run) -> int:
    return sum(1 for times in run.heard.times if times > AGENTS)
