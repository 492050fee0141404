"""What connections do, counted as it happens: plain integers, added to once per request or batch of events."""

from bisect import bisect_left
from enum import StrEnum

from msgspec import Struct, field


class Transport(StrEnum):
    """How a client is connected. POLLING has no connection: whoever asked within the last minute counts."""

    WEBSOCKET = "websocket"
    SOCKETIO = "socketio"
    TCP = "tcp"
    POLLING = "polling"


BOUNDS = (
    *(0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1),
    *(0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0),
)
"""Where the buckets of command times end, in seconds; one more bucket takes the rest."""


def _no_times() -> list[int]:
    return [0] * (len(BOUNDS) + 1)


class Tally(Struct, array_like=True, eq=False):
    """Of one tenant's connections over one transport, since the process began; `connections` is how many there are.

    `messages_out` counts writes: events that leave in one batch are one. `seconds` and `times` (a bucket each) are of
    the requests that were answered, `errors` of those that were answered with an error, by code.
    """

    connections: int = 0
    messages_in: int = 0
    messages_out: int = 0
    slow_closes: int = 0
    seconds: float = 0.0
    times: list[int] = field(default_factory=_no_times)
    errors: dict[str, int] = field(default_factory=dict)

    def answered(self, code: str, seconds: float) -> None:
        """A request came in and was answered, with an error code or an empty one."""
        self.messages_in += 1
        self.seconds += seconds
        self.times[bisect_left(BOUNDS, seconds)] += 1
        if code:
            self.errors[code] = self.errors.get(code, 0) + 1

    def copy(self) -> "Tally":
        """As it is now."""
        return self + Tally()

    def __add__(self, other: "Tally") -> "Tally":
        return self._with(other, 1)

    def __sub__(self, earlier: "Tally") -> "Tally":
        """What happened since; the connections are those of now."""
        return self._with(earlier, -1)

    def _with(self, other: "Tally", sign: int) -> "Tally":
        codes = self.errors.keys() | other.errors.keys()
        return Tally(
            self.connections + max(sign, 0) * other.connections,
            self.messages_in + sign * other.messages_in,
            self.messages_out + sign * other.messages_out,
            self.slow_closes + sign * other.slow_closes,
            self.seconds + sign * other.seconds,
            [mine + sign * theirs for mine, theirs in zip(self.times, other.times, strict=True)],
            {code: self.errors.get(code, 0) + sign * other.errors.get(code, 0) for code in codes},
        )

    @property
    def rate_limited(self) -> int:
        """Requests that came too fast."""
        return self.errors.get("rate_limited", 0)

    @property
    def average(self) -> float | None:
        """Seconds from request to answer."""
        count = sum(self.times)
        return self.seconds / count if count else None

    def quantile(self, share: float) -> float | None:
        """Below how many seconds that share of the requests was answered, as exactly as the buckets can tell."""
        wanted, below = sum(self.times) * share, 0
        for place, count in enumerate(self.times):
            if count and below + count >= wanted:
                return _inside(place, (wanted - below) / count)
            below += count
        return None


def _inside(place: int, share: float) -> float:
    low = BOUNDS[place - 1] if place else 0.0
    high = BOUNDS[min(place, len(BOUNDS) - 1)]
    return low + (high - low) * share
