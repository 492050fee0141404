"""`python -m benchmarks telling RATE SECONDS TENANT…`: events at a rate, to the tenants in turn, from another process.

As whoever commits does it: appended to the tenant's log, told to the hubs after the commit.
"""

import sys
import time
from uuid import UUID

from events.catalogue import ConversationUpdated
from events.emit import action, emit
from launch.processes import Program
from realtime import publisher
from tenancy.scope import tenant_scope

MARK = "told_at"
"""The field of an event that holds when its action began: the machine's monotonic clock, which all processes share."""


def teller(rate: float, seconds: float, tenants: list[UUID]) -> Program:
    """The program that tells."""
    return Program(
        "telling", [sys.executable, "-m", "benchmarks", "telling", str(rate), str(seconds), *map(str, tenants)]
    )


def main(rate: str, seconds: str, *tenants: str) -> None:
    """Tell, then leave."""
    start, pace = time.perf_counter(), 1 / float(rate)
    for place in range(int(float(rate) * float(seconds))):
        time.sleep(max(0.0, start + place * pace - time.perf_counter()))
        with tenant_scope(UUID(tenants[place % len(tenants)])):
            _happen()
    publisher.flush()


@action
def _happen() -> None:
    emit(ConversationUpdated(conversation_id="", version=1, updates={MARK: time.perf_counter()}))
