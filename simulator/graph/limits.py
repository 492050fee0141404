"""Meta's throughput rules, for phones whose behaviour asks for them."""

import time
from collections import defaultdict, deque
from threading import Lock

from simulator.errors import PAIR_LIMIT, RATE_LIMIT

NUMBER_PER_SECOND = 80
# One message in 6 s to the same person, of which 45 may be taken in advance.
PAIR_SECONDS, PAIR_BURST = 6.0, 45

_lock = Lock()
_sent: dict[str, deque[float]] = defaultdict(deque)
_paid_until: dict[tuple[str, str], float] = {}


def spend(number_id: str, customer_id: str) -> None:
    """Count a send. Raises the number's or the pair's rate limit."""
    now = time.monotonic()
    with _lock:
        recent = _sent[number_id]
        while recent and recent[0] < now - 1:
            recent.popleft()
        if len(recent) >= NUMBER_PER_SECOND:
            raise RATE_LIMIT
        paid_until = max(_paid_until.get((number_id, customer_id), now), now) + PAIR_SECONDS
        if paid_until - now > PAIR_SECONDS * PAIR_BURST:
            raise PAIR_LIMIT
        _paid_until[number_id, customer_id] = paid_until
        recent.append(now)
