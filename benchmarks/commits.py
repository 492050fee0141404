"""What PostgreSQL itself can do here: single rows, each committed by itself, over one connection."""

import os
import time

import psycopg

SECONDS = 3.0


def commits_per_second(seconds: float = SECONDS) -> float:
    """As the owner of the tables, in a table that is gone afterwards; a prepared statement without parameters."""
    with psycopg.connect(
        os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"], autocommit=True
    ) as session:
        session.execute("CREATE TABLE IF NOT EXISTS benchmarks_commit (id bigserial PRIMARY KEY, body text)")
        try:
            return _rate(session, seconds)
        finally:
            session.execute("DROP TABLE benchmarks_commit")


def _rate(session: "psycopg.Connection[tuple[object, ...]]", seconds: float) -> float:
    count, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        session.execute("INSERT INTO benchmarks_commit (body) VALUES ('one row')", prepare=True)
        count += 1
    return count / elapsed
