"""Three ASGI servers under our own application, one after the other: what docs/decisions/003 is decided by."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import uvloop
from django.contrib.auth import get_user_model
from django.test import Client

from benchmarks import results, stage, webhooks
from benchmarks.company import Company, app_secret, found
from benchmarks.posting import AT_ONCE, Poster
from benchmarks.results import Line, milliseconds, note
from benchmarks.sockets import CROWD, FanOut, Tally, crowd, leave, tokens_of, weigh
from launch import programs
from launch.ports import free_port
from launch.processes import Process, Program
from whatsapp import ingest

APPLICATION = "config.asgi:application"
AGENTS, IDLE = 100, 2_000
WEBHOOKS, PAGES = 4_000, 200
PAGE_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """What one server did."""

    webhooks: float  # a second
    webhook_latency: tuple[float, float]
    pages: float  # a second
    weight: float  # bytes a socket
    fan_out: FanOut


def main() -> None:
    """Measure and publish."""
    load_before = results.load()
    _collect_static_files()
    lines: list[Line] = []
    for name in ("daphne", "uvicorn", "granian"):
        with _serving(name) as (port, process):
            lines += _lines(name, uvloop.run(_measure(port, process)))
    while ingest.drain():  # the next benchmark begins with an empty inbox
        pass
    results.publish("servers", lines, load_before)


def _collect_static_files() -> None:
    """Pages name files by their hash, once they are collected."""
    command = programs.manage("collectstatic", "--no-input", "--verbosity", "0")
    subprocess.run(command, env={**os.environ}, check=True)


@contextmanager
def _serving(name: str) -> Iterator[tuple[int, Process]]:
    if name == "uvicorn":
        with stage.recado() as (port, processes):
            yield port, processes[0]
        return
    port = free_port()
    with stage.running(_other(name, port)) as [process]:
        stage.wait_for_web(port, process)
        yield port, process


def _other(name: str, port: int) -> Program:
    """As their documentation recommends: one process, one event loop, nothing logged per request."""
    where = {
        "daphne": ["--bind", "127.0.0.1", "--port", str(port), "--verbosity", "0"],
        "granian": [
            "--interface",
            "asgi",
            "--loop",
            "uvloop",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--no-access-log",
        ],
    }
    return Program(name, [sys.executable, "-m", name, *where[name], APPLICATION])


async def _measure(port: int, process: Process) -> Figures:
    companies = await asyncio.to_thread(found, 1, AGENTS)
    posted = await Poster(port).run(webhooks.requests(companies, 200, WEBHOOKS, app_secret()), AT_ONCE)
    page = await asyncio.to_thread(_board_request, companies[0])
    paged = await Poster(port, PAGE_CONNECTIONS).run([page] * PAGES, AT_ONCE)
    if posted.refused or paged.refused:
        raise RuntimeError(f"refused: {posted.refused[:3]} {paged.refused[:3]}")
    weight, sockets = await weigh(port, process, tokens_of(companies), Tally())
    leave(sockets)
    await asyncio.sleep(1)
    return Figures(posted.rate, milliseconds(posted.latencies), paged.rate, weight, await crowd(port, process))


def _board_request(company: Company) -> bytes:
    """The board, asked for by a browser that is signed in."""
    client = Client()
    client.force_login(get_user_model().objects.filter(tenant=company.tenant)[0])
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nCookie: {cookies}\r\n\r\n".encode()


def _lines(name: str, figures: Figures) -> Sequence[Line]:
    p50, p99 = milliseconds(figures.fan_out.latencies)
    return [
        note(f"{name}: webhooks stored, as fast as answered over 64 connections", f"{figures.webhooks:,.0f}/s"),
        note(f"{name}: board pages, {PAGE_CONNECTIONS} connections", f"{figures.pages:,.0f}/s"),
        note(f"{name}: memory of an idle socket, {IDLE:,} of them", f"{figures.weight / 1024:.0f} KB"),
        note(f"{name}: one event to {CROWD:,} sockets", f"{figures.fan_out.rate:,.0f} frames/s"),
        note(f"{name}: CPU of the server for a frame", f"{figures.fan_out.cpu * 1e6:.1f} µs"),
        note(f"{name}: action to socket, p50, p99", f"{p50:.0f} ms, {p99:.0f} ms"),
    ]
