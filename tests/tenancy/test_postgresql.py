"""Attacks that go past the manager: raw SQL, and sessions that were told something else before."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DataError, InternalError, ProgrammingError, connection, transaction

from tenancy.models import Tenant
from tenancy.postgresql import telling
from tenancy.postgresql.base import DatabaseWrapper
from tenancy.scope import NOBODY, Scope, current, every_tenant, owner, tenant_scope
from tests.tenancy.conftest import Shelf
from tests.tenancy.notes.models import Author, Folder, Note
from tests.tenancy.sql import notes, rolled_back, run

ACME, GLOBEX, BOTH = ["acme's secret"], ["globex's secret"], ["acme's secret", "globex's secret"]


def column(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [row[0] for row in rows]


def assert_nobody_sees_notes() -> None:
    with pytest.raises(DataError, match="uuid"), transaction.atomic():
        notes()


# Raw SQL


def test_raw_sql_sees_the_rows_of_the_scope(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        assert notes() == ACME
    with tenant_scope(globex.tenant):
        assert notes() == GLOBEX
    with every_tenant():
        assert notes() == BOTH
    assert_nobody_sees_notes()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM notes_note",
        "SELECT 1 FROM notes_folder JOIN notes_note ON notes_note.folder_id = notes_folder.id",
        "SELECT text FROM notes_note UNION ALL SELECT title FROM notes_folder",
        "WITH everything AS (SELECT * FROM notes_note) SELECT * FROM everything",
        "SELECT (SELECT text FROM notes_note LIMIT 1)",
        "UPDATE notes_note SET text = 'owned'",
        "DELETE FROM notes_note",
    ],
)
def test_raw_sql_without_a_scope_fails(acme: Shelf, sql: str) -> None:
    with pytest.raises(DataError, match="uuid"), transaction.atomic():
        run(sql)

    with every_tenant():
        assert notes() == ACME


def test_raw_sql_cannot_write_for_or_to_a_neighbour(acme: Shelf, globex: Shelf) -> None:
    insert = "INSERT INTO notes_folder (id, tenant_id, title) VALUES (gen_random_uuid(), %s, 'Trojan')"
    with tenant_scope(acme.tenant):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            run(insert, globex.tenant.pk)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            run("UPDATE notes_folder SET tenant_id = %s", globex.tenant.pk)
        assert run("UPDATE notes_folder SET title = 'x' WHERE id = %s", globex.folder.pk) == 0
        assert run("DELETE FROM notes_note WHERE id = %s", globex.note.pk) == 0
    with pytest.raises(DataError, match="uuid"), transaction.atomic():
        run(insert, acme.tenant.pk)


@pytest.mark.parametrize("sql", ["TRUNCATE notes_note", "DROP TABLE notes_note", "CREATE TABLE mine ()"])
def test_application_cannot_change_tables(acme: Shelf, sql: str) -> None:
    for scope in (tenant_scope(acme.tenant), every_tenant()):
        with scope, pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            run(sql)


def test_tables_without_tenants_work_in_every_scope(acme: Shelf) -> None:
    assert Tenant.objects.count() == Author.objects.count() == 1
    for scope in (tenant_scope(acme.tenant), every_tenant(), owner()):
        with scope:
            assert Tenant.objects.count() == Author.objects.count() == 1


# The scope changes within a session


def test_scope_is_retold_after_a_rollback_of_the_transaction_in_which_it_was_told(
    committed_acme: Shelf, committed_globex: Shelf
) -> None:
    with every_tenant():
        assert notes() == BOTH
        for shelf, seen in ((committed_acme, ACME), (committed_globex, GLOBEX), (committed_globex, GLOBEX)):
            with rolled_back():
                assert notes() == BOTH
                with tenant_scope(shelf.tenant):
                    assert notes() == seen
            with tenant_scope(shelf.tenant):
                assert notes() == seen
            assert notes() == BOTH
    assert_nobody_sees_notes()


def test_scope_that_was_told_before_a_transaction_survives_its_rollback(
    committed_acme: Shelf, committed_globex: Shelf
) -> None:
    with tenant_scope(committed_acme.tenant):
        with rolled_back():
            assert notes() == ACME
        assert notes() == ACME


@pytest.mark.parametrize("level", list(psycopg.IsolationLevel))
def test_transaction_that_tells_the_scope_has_the_isolation_asked_for(
    committed_acme: Shelf, connect: Callable[..., DatabaseWrapper], level: psycopg.IsolationLevel
) -> None:
    database = connect(isolation_level=level)
    with tenant_scope(committed_acme.tenant):
        database.set_autocommit(False)
        assert notes(database) == ACME
        with database.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == (level.name.lower().replace("_", " "),)
        database.rollback()


def test_scope_is_retold_after_a_rollback_to_a_savepoint(acme: Shelf, globex: Shelf) -> None:
    with every_tenant(), transaction.atomic():
        with tenant_scope(acme.tenant):
            assert notes() == ACME
        with rolled_back(), tenant_scope(globex.tenant):
            assert notes() == GLOBEX
        with tenant_scope(globex.tenant):
            assert notes() == GLOBEX
        with tenant_scope(acme.tenant):
            assert notes() == ACME


def test_scope_is_retold_after_a_rollback_that_django_knows_nothing_of(
    committed_acme: Shelf, committed_globex: Shelf
) -> None:
    with every_tenant(), transaction.atomic():
        with tenant_scope(committed_acme.tenant):
            assert notes() == ACME
        run("SAVEPOINT mine")
        with tenant_scope(committed_globex.tenant):
            assert notes() == GLOBEX
            run("ROLLBACK TO SAVEPOINT mine")
            assert notes() == GLOBEX
        connection.connection.rollback()
        with tenant_scope(committed_globex.tenant):
            assert notes() == GLOBEX


def test_scope_is_right_after_a_failed_statement(acme: Shelf, globex: Shelf) -> None:
    with every_tenant(), rolled_back():
        assert notes() == BOTH
        with pytest.raises(ProgrammingError):
            run("SELECT nonsense")
        with tenant_scope(globex.tenant), pytest.raises(InternalError, match="aborted"):
            notes()
    with tenant_scope(globex.tenant):
        assert notes() == GLOBEX


def test_session_whose_settings_were_reset_is_told_again(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        assert notes() == ACME
        run("RESET ALL")
        assert notes() == ACME


def test_cursor_works_in_the_scope_of_each_statement(acme: Shelf, globex: Shelf) -> None:
    with connection.cursor() as cursor:
        for shelf, seen in ((acme, ACME), (globex, GLOBEX)):
            with tenant_scope(shelf.tenant):
                cursor.execute("SELECT text FROM notes_note")
                assert column(cursor.fetchall()) == seen
        with pytest.raises(DataError), transaction.atomic():
            cursor.execute("SELECT text FROM notes_note")


def test_executemany_works_in_the_scope(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE notes_note SET text = %s WHERE id = %s", [["x", acme.note.pk], ["x", globex.note.pk]]
        )

    with every_tenant():
        assert notes() == ["globex's secret", "x"]


def test_stream_works_in_the_scope_in_which_it_starts(acme: Shelf, globex: Shelf) -> None:
    with connection.cursor() as cursor:
        with tenant_scope(acme.tenant):
            early = cursor.stream("SELECT text FROM notes_note")
        with tenant_scope(globex.tenant):
            assert notes() == GLOBEX
            assert column(early) == GLOBEX
        with tenant_scope(acme.tenant):
            assert column(cursor.stream("SELECT text FROM notes_note")) == ACME


def test_copy_works_in_the_scope_in_which_it_starts(acme: Shelf, globex: Shelf) -> None:
    with connection.cursor() as cursor:
        with tenant_scope(acme.tenant):
            early = cursor.copy("COPY (SELECT text FROM notes_note) TO STDOUT")
        with tenant_scope(globex.tenant):
            assert notes() == GLOBEX
            with early as copy:
                assert [bytes(line) for line in copy] == [b"globex's secret\n"]
        with tenant_scope(acme.tenant), cursor.copy("COPY (SELECT text FROM notes_note) TO STDOUT") as copy:
            assert [bytes(line) for line in copy] == [b"acme's secret\n"]


def test_copy_without_a_scope_or_into_a_tenants_table_fails(acme: Shelf) -> None:
    for scope, sql, error in (
        (nullcontext(), "COPY (SELECT text FROM notes_note) TO STDOUT", psycopg.errors.InvalidTextRepresentation),
        (tenant_scope(acme.tenant), "COPY notes_note FROM STDIN", psycopg.errors.FeatureNotSupported),
    ):
        with pytest.raises(error), transaction.atomic(), scope, connection.cursor() as cursor, cursor.copy(sql) as copy:
            copy.read()


def test_server_side_cursor_fetches_in_the_scope_of_its_reader(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        cursor = connection.chunked_cursor()
        cursor.execute("SELECT text FROM notes_note")
    with tenant_scope(globex.tenant):
        assert notes() == GLOBEX
    with tenant_scope(acme.tenant), cursor:
        assert column(cursor.fetchmany(10)) == ACME
        assert isinstance(cursor.cursor, psycopg.ServerCursor)


@pytest.mark.parametrize("fetch", ["fetchone", "fetchall", "__next__"])
def test_server_side_cursor_tells_however_it_is_read(acme: Shelf, globex: Shelf, fetch: str) -> None:
    with tenant_scope(acme.tenant):
        cursor = connection.chunked_cursor()
        cursor.execute("SELECT text FROM notes_note")
    with tenant_scope(globex.tenant):
        assert notes() == GLOBEX
    with tenant_scope(acme.tenant), cursor:
        assert "acme's secret" in str(getattr(cursor.cursor, fetch)())


def test_iterator_goes_on_while_its_loop_enters_tenants(committed_acme: Shelf, committed_globex: Shelf) -> None:
    seen: list[str] = []
    with every_tenant():
        for folder in Folder.objects.order_by("pk").iterator(chunk_size=1):
            with tenant_scope(folder.tenant_id):
                seen += Note.objects.values_list("text", flat=True)

    assert seen == BOTH


def test_iterator_of_a_neighbours_queryset_is_empty(committed_acme: Shelf, committed_globex: Shelf) -> None:
    with tenant_scope(committed_acme.tenant):
        iterator = Note.objects.iterator(chunk_size=1)
    with tenant_scope(committed_globex.tenant):
        assert list(iterator) == []


def test_scope_is_told_once_and_not_with_every_statement(
    acme: Shelf, globex: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Scope] = []
    statement = telling._statement

    def listen(scope: Scope) -> bytes:
        told.append(scope)
        return statement(scope)

    monkeypatch.setattr(telling, "_statement", listen)

    for shelf in (acme, globex):
        with tenant_scope(shelf.tenant) as scope:
            for _ in range(3):
                notes()
                Note.objects.count()
            assert told.pop() == scope
            assert told == []


def test_session_shows_whom_it_works_for(acme: Shelf) -> None:
    show = "SELECT application_name, current_user FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    with tenant_scope(acme.tenant), connection.cursor() as cursor:
        cursor.execute(show)
        assert cursor.fetchone() == (f"recado:{acme.tenant.pk}", "recado_app")


# Sessions, threads, pools


def test_new_session_is_told(committed_acme: Shelf, committed_globex: Shelf) -> None:
    with tenant_scope(committed_acme.tenant):
        assert notes() == ACME
        connection.close()
        assert notes() == ACME
    connection.close()
    assert_nobody_sees_notes()


def test_threads_work_in_scopes_of_their_own(committed_acme: Shelf, committed_globex: Shelf) -> None:
    meet = threading.Barrier(2, timeout=10)

    def work(shelf: Shelf) -> list[list[str]]:
        try:
            with tenant_scope(shelf.tenant):
                return [notes() for _ in range(20) if meet.wait() >= 0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        of_acme, of_globex = threads.map(work, (committed_acme, committed_globex))

    assert of_acme == [ACME] * 20
    assert of_globex == [GLOBEX] * 20


async def test_tasks_that_share_a_thread_work_in_scopes_of_their_own(
    committed_acme: Shelf, committed_globex: Shelf, async_database: None
) -> None:
    async def work(shelf: Shelf) -> list[list[str]]:
        with tenant_scope(shelf.tenant):
            return [await sync_to_async(notes)() for _ in range(10)]

    of_acme, of_globex = await asyncio.gather(work(committed_acme), work(committed_globex))

    assert of_acme == [ACME] * 10
    assert of_globex == [GLOBEX] * 10
    with pytest.raises(DataError):
        await sync_to_async(notes)()


def test_pooled_session_does_not_keep_the_scope_of_the_last_user(
    committed_acme: Shelf, committed_globex: Shelf, connect: Callable[..., DatabaseWrapper]
) -> None:
    pooled = connect(pool={"min_size": 1, "max_size": 1, "timeout": 5})
    sessions = set()
    for scope, seen in (
        (tenant_scope(committed_acme.tenant), ACME),
        (tenant_scope(committed_globex.tenant), GLOBEX),
        (every_tenant(), BOTH),
        (tenant_scope(committed_acme.tenant), ACME),
    ):
        with scope:
            assert notes(pooled) == seen
            sessions.add(pooled.connection.info.backend_pid)
            pooled.close()
    with pytest.raises(DataError):
        notes(pooled)

    assert len(sessions) == 1


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_pooled_session_given_back_in_a_transaction_is_told_again(
    committed_acme: Shelf, committed_globex: Shelf, connect: Callable[..., DatabaseWrapper]
) -> None:
    pooled = connect(pool={"min_size": 1, "max_size": 1, "timeout": 5})
    with every_tenant():
        assert notes(pooled) == BOTH
        pooled.set_autocommit(False)
        with tenant_scope(committed_acme.tenant):
            assert notes(pooled) == ACME
        pooled.close()
        pooled.connection = None
    with tenant_scope(committed_acme.tenant):
        assert notes(pooled) == ACME


def test_on_commit_runs_in_the_scope_of_the_outermost_commit(committed_acme: Shelf) -> None:
    seen: list[Scope] = []
    with transaction.atomic(), tenant_scope(committed_acme.tenant):
        transaction.on_commit(lambda: seen.append(current()))

    assert seen == [NOBODY]


# The application's login

needs_two_logins = pytest.mark.skipif(
    f"//{settings.APPLICATION_LOGIN}" in settings.DATABASE_OWNER_URL, reason="needs a login that owns no tables"
)


@needs_two_logins
def test_application_login_sees_the_rows_of_the_scope(
    committed_acme: Shelf, committed_globex: Shelf, connect: Callable[..., DatabaseWrapper]
) -> None:
    application = connect(settings.APPLICATION_LOGIN)
    with tenant_scope(committed_acme.tenant):
        assert notes(application) == ACME
    with every_tenant():
        assert notes(application) == BOTH
    with owner(), pytest.raises(ProgrammingError, match="permission denied"):
        notes(application)
    with pytest.raises(DataError, match="uuid"):
        notes(application)


@needs_two_logins
def test_application_login_alone_may_nothing(committed_acme: Shelf, connect: Callable[..., DatabaseWrapper]) -> None:
    params = connect(settings.APPLICATION_LOGIN).get_connection_params()
    params.pop("cursor_factory")
    with psycopg.connect(**params) as stranger, pytest.raises(psycopg.errors.InsufficientPrivilege):
        stranger.execute("SELECT text FROM notes_note")
