"""The last HTTP exchanges with the helpdesk, both ways; kept in memory, it is a log and no state."""

import itertools
import json
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

KEPT = 200
LONGEST = 20_000
FIRST_FAILURE = 300

_numbers = itertools.count(1)
_log: "deque[Exchange]" = deque(maxlen=KEPT)


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. `status` is None when there was no answer."""

    id: int
    at: datetime
    is_webhook: bool
    method: str
    path: str
    sent: str
    status: int | None
    received: str
    milliseconds: float
    note: str

    @property
    def is_ok(self) -> bool:
        """Whether it was answered with success."""
        return self.status is not None and self.status < FIRST_FAILURE

    @property
    def gist(self) -> str:
        """What the request is about, in a word or two: `text`, `delivered`, `text × 50`."""
        try:
            return gist(json.loads(self.sent))
        except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
            return ""

    @property
    def sent_readable(self) -> str:
        """The request's body for people."""
        return readable(self.sent)

    @property
    def received_readable(self) -> str:
        """The answer's body for people."""
        return readable(self.received)

    def as_json(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {**asdict(self), "at": self.at.isoformat()}


def record(*, sent: bytes | str, received: bytes | str, **facts: Any) -> Exchange:
    """Remember an exchange, its bodies cut at LONGEST characters."""
    exchange = Exchange(id=next(_numbers), sent=_text(sent), received=_text(received), **facts)
    _log.appendleft(exchange)
    return exchange


def _text(body: bytes | str) -> str:
    return body[:LONGEST] if isinstance(body, str) else body[:LONGEST].decode(errors="replace")


def latest(count: int = 40) -> list[Exchange]:
    """The newest ones first."""
    return list(itertools.islice(_log, count))


def forget() -> None:
    """Empty the log."""
    _log.clear()


def gist(body: dict[str, Any]) -> str:
    """The type of a send, or the types and statuses in a webhook. Raises on anything else."""
    if "entry" not in body:
        return str(body.get("type") or body["status"])
    value = body["entry"][0]["changes"][0]["value"]
    kinds = [each["type"] for each in value.get("messages", [])] + [
        each["status"] for each in value.get("statuses", [])
    ]
    return ", ".join(kind if n == 1 else f"{kind} × {n}" for kind, n in Counter(kinds).items())


def readable(body: str) -> str:
    """Indented, if it is JSON and whole."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body
