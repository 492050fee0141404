"""How a demo dialogue is written down: who says what, how many minutes ago."""

from dataclasses import dataclass
from typing import Any

CUSTOMER = ">"


@dataclass(frozen=True, slots=True)
class Line:
    """One message: who (CUSTOMER, else an agent's first name), how many minutes ago, what."""

    who: str
    ago: int
    text: str = ""
    picture: str = ""
    voice: int = 0  # seconds
    document: str = ""
    place: tuple[float, float, str] | None = None
    status: str = "READ"


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation: with whom, where its card stands (column from 0), who has it, what was said."""

    name: str
    phone: str
    column: int
    lines: tuple[Line, ...]
    assignee: str = ""
    labels: tuple[str, ...] = ()
    priority: int = 0
    unread: bool = False


def c(ago: int, text: str = "", **more: Any) -> Line:
    """The customer says."""
    return Line(CUSTOMER, ago, text, **more)


def ana(ago: int, text: str, status: str = "READ") -> Line:
    """Ana answers."""
    return Line("ana", ago, text, status=status)


def caio(ago: int, text: str, status: str = "READ") -> Line:
    """Caio answers."""
    return Line("caio", ago, text, status=status)


def sofia(ago: int, text: str, status: str = "READ") -> Line:
    """Sofia answers."""
    return Line("sofia", ago, text, status=status)


def gil(ago: int, text: str, status: str = "READ") -> Line:
    """Gil, the neighbour's agent, answers."""
    return Line("gil", ago, text, status=status)
