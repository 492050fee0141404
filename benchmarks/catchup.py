"""Coming back: how long until somebody who missed a thousand events has them, alone and together with many."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import uvloop
from django.utils import timezone

from benchmarks import results, stage
from benchmarks.company import Company, found
from benchmarks.listening import Listener, listen_all, paths
from benchmarks.results import Line, at_most, milliseconds, note
from conversations.actions import receive
from conversations.actions.arrivals import Arrival, Identity, Person
from conversations.models import IdentityKind
from conversations.statuses import MessageType
from events import log
from tenancy.scope import tenant_scope
from whatsapp.models import Number

MISSED = 1_000
ALONE = 100
TOGETHER = 100
CUSTOMERS, BATCH = 50, 100
TEXT = "Bom dia! Meu pedido ainda não chegou, podem ver o que houve? Comprei há duas semanas."


class _Missed(msgspec.Struct):
    events: list[msgspec.Raw]
    seq: int
    more: bool


class _Reply(msgspec.Struct):
    data: _Missed


_reply = msgspec.json.Decoder(_Reply).decode


@dataclass(slots=True)
class Absence:
    """What one socket has caught up with."""

    socket: Listener
    seconds: float = 0.0
    size: int = 0
    events: int = 0
    answers: int = 0

    async def end(self, seq: int) -> None:
        """Ask for what follows `seq` until there is no more."""
        began, more = time.perf_counter(), True
        while more:
            answer = self.socket.next_reply()
            self.socket.say(b'{"type":"events:since","requestId":"c1","data":{"seq":%d}}' % seq)
            text = await asyncio.wait_for(answer, 60)
            missed = _reply(text).data
            seq, more = missed.seq, missed.more
            self.size, self.events, self.answers = (
                self.size + len(text),
                self.events + len(missed.events),
                self.answers + 1,
            )
        self.seconds = time.perf_counter() - began


def main() -> None:
    """Measure and publish."""
    load_before = results.load()
    [company] = found(1, TOGETHER)
    seq = _happen(company)
    with stage.recado() as (port, _):
        alone, together = uvloop.run(_return(port, company, seq))
    results.publish("catchup", [*_alone_lines(alone), *_together_lines(together)], load_before)


def _happen(company: Company) -> int:
    """Customers write; the seq after which MISSED events follow."""
    with tenant_scope(company.tenant):
        number = Number.objects.get()
        while (newest := log.newest_seq()) < MISSED:
            receive([_arrival(number, newest + place) for place in range(BATCH)])
        return newest - MISSED


def _arrival(number: Number, place: int) -> Arrival:
    customer = place % CUSTOMERS
    address = Identity(IdentityKind.WA_ID, f"55119{customer:08d}")
    return Arrival(
        number_id=number.pk,
        wamid=f"wamid.{number.phone_number_id}.{place}",
        person=Person(identities=(address,), address=address, name=f"Cliente {customer}"),
        type=MessageType.TEXT,
        said_at=timezone.now(),
        received_at=timezone.now(),
        content=TEXT,
    )


async def _return(port: int, company: Company, seq: int) -> tuple[list[Absence], list[Absence]]:
    sockets = await listen_all(port, paths(company.tokens), lambda _: None)
    await Absence(sockets[0]).end(seq)  # warms the server up
    alone = [Absence(sockets[place % len(sockets)]) for place in range(ALONE)]
    for absence in alone:
        await absence.end(seq)
    together = [Absence(socket) for socket in sockets]
    await asyncio.gather(*(absence.end(seq) for absence in together))
    for socket in sockets:
        socket.close()
    return alone, together


def _alone_lines(absences: Sequence[Absence]) -> list[Line]:
    p50, p99 = milliseconds([absence.seconds for absence in absences])
    one = absences[0]
    return [
        note(f"one person catches up with {MISSED:,} events, p50", f"{p50:.0f} ms"),
        at_most("the same, p99", p99, 200, "ms"),
        note("what that is", f"{one.size / 1024:,.0f} KB in {one.answers} answers"),
        Line("events caught up with", f"{min(each.events for each in absences):,}", f"{MISSED:,}", _is_whole(absences)),
    ]


def _is_whole(absences: Sequence[Absence]) -> bool:
    return all(absence.events == MISSED for absence in absences)


def _together_lines(absences: Sequence[Absence]) -> list[Line]:
    p50, p99 = milliseconds([absence.seconds for absence in absences])
    return [note(f"{TOGETHER} people catch up at once, p50, p99", f"{p50:,.0f} ms, {p99:,.0f} ms")]
