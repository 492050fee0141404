"""Team chat: a message to a group of a thousand people who are all there, from one member's socket to everybody's."""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field

import uvloop

from accounts.models import User
from benchmarks import results, stage
from benchmarks.company import Company, found
from benchmarks.listening import Listener, listen_all, paths
from benchmarks.results import Line, at_most, milliseconds, note
from conversations.actions import create_group
from launch.processes import Process
from tenancy.scope import tenant_scope

MEMBERS = 1_000
RATE, SECONDS = 2, 15
MARK = "bench "
SETTLED_SECONDS = 3.0

_MARKED = re.compile(rb'"type":"message:new".*?"content":"%b(\d+)"' % MARK.encode())


@dataclass(slots=True)
class Said:
    """When each message was said, and how long after it each socket heard it, in seconds."""

    at: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    def hear(self, text: bytes) -> None:
        now = time.perf_counter()
        self.latencies += (now - self.at[int(number)] for number in _MARKED.findall(text))


def main() -> None:
    """Measure and publish."""
    load_before = results.load()
    [company] = found(1, MEMBERS)
    group = _group(company)
    with stage.recado() as (port, processes):
        said, cpu = uvloop.run(_talk(port, processes[0], company, group))
    results.publish("chat", _lines(said, cpu), load_before)


def _group(company: Company) -> str:
    """A group that everybody is in, by its id."""
    with tenant_scope(company.tenant):
        founder, *others = User.objects.filter(tenant=company.tenant).order_by("pk")
        return str(create_group(by=founder, title="Todo mundo", people=others).pk)


async def _talk(port: int, web: Process, company: Company, group: str) -> tuple[Said, float]:
    said = Said()
    sockets = await listen_all(port, paths(company.tokens), said.hear)
    await asyncio.sleep(SETTLED_SECONDS)  # presence has been told
    before = stage.cpu_seconds(web)
    for number in range(RATE * SECONDS):
        _say(sockets[number % MEMBERS], group, number, said)
        await asyncio.sleep(1 / RATE)
    await asyncio.sleep(SETTLED_SECONDS)
    cpu = (stage.cpu_seconds(web) - before) / (RATE * SECONDS)
    for socket in sockets:
        socket.close()
    return said, cpu


def _say(socket: Listener, group: str, number: int, said: Said) -> None:
    data = {"conversationId": group, "clientId": f"c{number}", "type": "TEXT", "content": f"{MARK}{number}"}
    said.at.append(time.perf_counter())
    socket.say(json.dumps({"type": "message:send", "requestId": f"m{number}", "data": data}).encode())


def _lines(said: Said, cpu: float) -> list[Line]:
    p50, p99 = milliseconds(said.latencies)
    expected = MEMBERS * RATE * SECONDS
    return [
        note(f"a message to a group of {MEMBERS:,}, from socket to sockets, p50", f"{p50:.0f} ms"),
        at_most("the same, p99", p99, 150, "ms"),
        Line("times heard", f"{len(said.latencies):,}", f"{expected:,}", len(said.latencies) == expected),
        note("CPU of the web process for a message", f"{cpu * 1000:.0f} ms"),
    ]
