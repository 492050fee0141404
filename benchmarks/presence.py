"""Presence and typing: what a storm of people who come (back) costs everybody else, and what seeing who types costs."""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import uvloop
from django.utils import timezone

from benchmarks import results, stage
from benchmarks.company import Company, found
from benchmarks.listening import Listener, listen, listen_all, paths
from benchmarks.results import Line, at_most, milliseconds, note
from conversations.models import Contact, Conversation
from launch.processes import Process
from tenancy.scope import tenant_scope
from whatsapp.models import Number

PEOPLE, TABS, STORM_SECONDS = 1_000, 2, 10
CROWD = PEOPLE * TABS
COLLEAGUES = 40  # who go on working meanwhile: each asks for something once a second
TYPISTS, AUDIENCE, TYPING_SECONDS = 50, 100, 20
AGAIN_SECONDS = 3.0  # how often a page says that its person still types

_STAMP = re.compile(rb'"stamp":"(\w+)"')
_REPLY = re.compile(rb'"type":"reply","requestId":"(\d+)"')


@dataclass(slots=True)
class Asker:
    """Somebody at work: how long their commands take, and what else they hear meanwhile."""

    socket: Listener | None = None
    asked_at: dict[bytes, float] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    news: int = 0

    def hear(self, text: bytes) -> None:
        if reply := _REPLY.search(text[:80]):
            self.seconds.append(time.perf_counter() - self.asked_at.pop(reply[1]))
        self.news += text.count(b'"type":"presence:changed"')

    async def work(self) -> None:
        """Ask until cancelled."""
        number = 0
        while self.socket:
            number += 1
            name = b"%d" % number
            self.asked_at[name] = time.perf_counter()
            self.socket.say(b'{"type":"conversation:list","requestId":"%b"}' % name)
            await asyncio.sleep(1)


@dataclass(frozen=True, slots=True)
class Storm:
    """What colleagues felt of it. `unanswered`: commands that had no reply when it was over."""

    seconds: Sequence[float]
    unanswered: int
    news: int


def main() -> None:
    """Measure and publish."""
    load_before = results.load()
    with stage.recado() as (port, processes):
        came, returned = uvloop.run(_storms(port))
    with stage.recado() as (port, processes):
        idle, typing, heard = uvloop.run(_typing(port, processes[0]))
    lines = [*_storm_lines("come", came), *_storm_lines("come back", returned), *_typing_lines(idle, typing, heard)]
    results.publish("presence", lines, load_before)


async def _storms(port: int) -> tuple[Storm, Storm]:
    """All come within ten seconds; then all their connections break, and all come back within ten seconds."""
    (company,) = await asyncio.to_thread(found, 1, PEOPLE + COLLEAGUES)
    crowd, workers = company.tokens[COLLEAGUES:], company.tokens[:COLLEAGUES]
    known = _Known()
    askers = [Asker() for _ in workers]
    for asker, path in zip(askers, paths(workers), strict=True):
        asker.socket = await listen(port, path, asker.hear)
    came, sockets = await _storm(port, crowd, askers, known)
    for socket in sockets:
        socket.close()
    returned, _ = await _storm(port, crowd, askers, known)
    return came, returned


async def _storm(
    port: int, crowd: Sequence[str], askers: Sequence[Asker], known: "_Known"
) -> tuple[Storm, list[Listener]]:
    for asker in askers:
        asker.seconds.clear()
        asker.news = 0
    working = [asyncio.create_task(_late(place / COLLEAGUES, asker)) for place, asker in enumerate(askers)]
    pace = STORM_SECONDS / CROWD
    arrivals = (_arrive(port, path, place, place * pace, known) for place, path in enumerate(paths(crowd, TABS)))
    sockets = await asyncio.gather(*arrivals)
    await asyncio.sleep(3)
    for task in working:
        task.cancel()
    await asyncio.sleep(2)
    seconds = [each for asker in askers for each in asker.seconds]
    return Storm(seconds, sum(len(asker.asked_at) for asker in askers), max(asker.news for asker in askers)), sockets


async def _late(delay: float, asker: Asker) -> None:
    await asyncio.sleep(delay)
    await asker.work()


class _Known:
    """The newest stamp of a list of who is there that any page has got: pages that come back know it."""

    stamp = b""

    def hear(self, text: bytes) -> None:
        if stamp := _STAMP.search(text[-60:]):
            self.stamp = stamp[1]


async def _arrive(port: int, path: str, place: int, delay: float, known: _Known) -> Listener:
    """As a page does: connect, and ask who is there a moment later."""
    await asyncio.sleep(delay)
    socket = await listen(port, path, known.hear, place)
    await asyncio.sleep(1)
    socket.say(b'{"type":"presence:list","data":{"known":"%b"}}' % known.stamp)
    socket.say(b'{"type":"viewers:list"}')
    return socket


async def _typing(port: int, web: Process) -> tuple[float, float, int]:
    """The web process's share of a core while nothing happens and while fifty type, and what was heard of it."""
    (company,) = await asyncio.to_thread(found, 1, AUDIENCE)
    open_ones = await asyncio.to_thread(_conversations, company, TYPISTS)
    heard = 0

    def hear(text: bytes) -> None:
        nonlocal heard
        heard += text.count(b'"type":"typing:start"')

    sockets = await listen_all(port, paths(company.tokens), hear)
    for socket, conversation_id in zip(sockets, open_ones, strict=False):
        socket.say(_command("conversation:join", conversation_id))
    await asyncio.sleep(3)
    idle = await _share(web, [])
    typing = await _share(web, list(zip(sockets, open_ones, strict=False)))
    for socket in sockets:
        socket.close()
    return idle, typing, heard


async def _share(web: Process, typists: Sequence[tuple[Listener, str]]) -> float:
    """Of a core, while these type: not all in the same moment."""
    before, began = stage.cpu_seconds(web), time.perf_counter()
    while time.perf_counter() < began + TYPING_SECONDS:
        for socket, conversation_id in typists:
            socket.say(_command("typing:start", conversation_id))
            await asyncio.sleep(AGAIN_SECONDS / TYPISTS)
        if not typists:
            await asyncio.sleep(1)
    return (stage.cpu_seconds(web) - before) / (time.perf_counter() - began)


def _command(name: str, conversation_id: str) -> bytes:
    return json.dumps({"type": name, "data": {"conversationId": conversation_id}}, separators=(",", ":")).encode()


def _conversations(company: Company, count: int) -> list[str]:
    now = timezone.now()
    with tenant_scope(company.tenant):
        number = Number.objects.get()
        contacts = Contact.objects.bulk_create(Contact(name=f"Contact {place}") for place in range(count))
        rows = [
            Conversation(
                contact=contact, number=number, last_message_at=now, window_expires_at=now + timedelta(hours=1)
            )
            for contact in contacts
        ]
        return [str(row.pk) for row in Conversation.objects.bulk_create(rows)]


def _storm_lines(what: str, storm: Storm) -> list[Line]:
    p50, p99 = milliseconds(storm.seconds)
    return [
        note(f"commands of others while {CROWD:,} {what} within {STORM_SECONDS} s, p50", f"{p50:.0f} ms"),
        at_most("the same, p99", p99, 1_000, "ms"),
        note("the same: commands, without reply", f"{len(storm.seconds):,}, {storm.unanswered}"),
        note("events that told one person of it", f"{storm.news:,}"),
    ]


def _typing_lines(idle: float, typing: float, heard: int) -> list[Line]:
    return [
        at_most(f"CPU of {TYPISTS} people typing before {AUDIENCE} sockets", (typing - idle) * 100, 5, "% of a core"),
        note("the web process meanwhile, and while nothing happens", f"{typing:.1%} and {idle:.1%} of a core"),
        note("starts heard", f"{heard:,}"),
    ]
