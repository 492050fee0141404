"""Figures against their targets, on the screen and in RESULTS.md."""

import os
import platform
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from tenancy.scope import every_tenant

PATH = Path(__file__).with_name("RESULTS.md")
BUSY = 0.7
"""Load average of the last minute, before we begin, from which on others had a part in the figures."""


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie; NaN without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def milliseconds(seconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p99."""
    return quantile(seconds, 0.5) * 1000, quantile(seconds, 0.99) * 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `target` in words; `is_met` None where there is none."""

    what: str
    measured: str
    target: str = ""
    is_met: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "yes", False: "**no**", None: ""}[self.is_met]
        return f"| {self.what} | {self.measured} | {self.target} | {verdict} |"


def at_most(what: str, value: float, limit: float, unit: str) -> Line:
    """A figure that should not be larger."""
    return Line(what, f"{value:,.1f} {unit}", f"≤ {limit:,g} {unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str) -> Line:
    """A figure that should not be smaller."""
    return Line(what, f"{value:,.0f} {unit}", f"≥ {limit:,g} {unit}", value >= limit)


def note(what: str, measured: str) -> Line:
    """A figure without a target."""
    return Line(what, measured)


def load() -> float:
    """How many processes wanted the machine during the last minute."""
    return os.getloadavg()[0]


def additions_per_second(count: int = 2_000_000) -> float:
    """How fast a plain loop of Python's runs now: the machine itself is several times slower at some hours."""
    start, total = time.perf_counter(), 0
    for number in range(count):
        total += number
    return count / (time.perf_counter() - start)


def publish(name: str, lines: Sequence[Line], load_before: float, *, keep: bool = True) -> None:
    """Print the figures and, to keep them, put them in the place of the earlier ones of that name."""
    section = "\n".join([f"## {name}", "", _circumstances(name, load_before), "", *_table(lines), ""])
    print(section)
    if keep:
        _replace(name, section)


def _replace(name: str, section: str) -> None:
    earlier = PATH.read_text("utf-8") if PATH.exists() else _INTRODUCTION
    others = re.sub(rf"^## {name}\n.*?(?=^## |\Z)", "", earlier, flags=re.DOTALL | re.MULTILINE)
    PATH.write_text(f"{others.rstrip()}\n\n{section}", "utf-8")


def _table(lines: Sequence[Line]) -> list[str]:
    return ["| what | measured | target | met |", "| --- | --- | --- | --- |", *map(str, lines)]


def _circumstances(name: str, load_before: float) -> str:
    niceness = f" at niceness {os.nice(0)}" if os.nice(0) else ""
    busy = " **Others were using the machine: worse than it is.**" if load_before > BUSY else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `python -m benchmarks {name}` in {settings.MODE} mode{niceness}, "
        f"{_processor()}, {os.cpu_count()} cores, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, PostgreSQL {_postgres()}, "
        f"psycopg {psycopg.__version__}. "
        f"A loop of Python's adds {additions_per_second() / 1e6:.1f} million numbers a second. "
        f"Load before: {load_before:.2f}.{busy}"
    )


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    return found[1] if found else platform.machine()


def _postgres() -> str:
    with every_tenant(), connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


_INTRODUCTION = """# What was measured

Everything runs on one machine: PostgreSQL, Redis, the web server, the workers and the load itself share its cores.
Each part is rewritten by the command it names; the targets are those of the project's issues.
"""
