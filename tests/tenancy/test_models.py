"""The belt in Python: the manager and the tenant's foreign key. PostgreSQL's own is attacked in test_postgresql.py."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef, ProtectedError

from tenancy.models import TenantManager, TenantQuerySet
from tenancy.scope import NoTenant, WrongTenant, every_tenant, owner, tenant_scope
from tests.tenancy.conftest import Shelf
from tests.tenancy.notes.models import Author, Folder, Note

READS: dict[str, Callable[[], Any]] = {
    "all": lambda: list(Note.objects.all()),
    "none": lambda: list(Note.objects.none()),
    "count": Note.objects.count,
    "exists": Note.objects.exists,
    "first": Note.objects.first,
    "values": lambda: list(Note.objects.values("text")),
    "values_list": lambda: list(Note.objects.values_list("text", flat=True)),
    "aggregate": lambda: Note.objects.aggregate(n=Count("id")),
    "iterator": lambda: list(Note.objects.iterator()),
    "in_bulk": Note.objects.in_bulk,
    "union": lambda: list(Note.objects.union(Note.objects.all())),
    "raw": lambda: list(Note.objects.raw("SELECT * FROM notes_note")),
    "using": lambda: list(Note.objects.using("default")),
    "base manager": lambda: list(Note._base_manager.all()),
    "default manager": lambda: list(Note._default_manager.all()),
    "update": lambda: Note.objects.update(text="x"),
    "delete": lambda: Note.objects.all().delete(),
    "create": lambda: Folder.objects.create(title="x"),
    "bulk_create": lambda: Folder.objects.bulk_create([Folder(title="x")]),
    "get_or_create": lambda: Folder.objects.get_or_create(title="x"),
    "save": lambda: Folder(title="x").save(),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_manager_raises_without_a_scope(acme: Shelf, read: Callable[[], Any]) -> None:
    with pytest.raises(NoTenant):
        read()


async def test_manager_raises_without_a_scope_in_async_code(committed_acme: Shelf, async_database: None) -> None:
    for attempt in (Note.objects.acount, Note.objects.aexists, Note.objects.afirst, Note.objects.aget):
        with pytest.raises(NoTenant):
            await attempt()
    with pytest.raises(NoTenant):
        async for _ in Note.objects.aiterator():
            pass


def test_row_without_a_scope_does_not_reload_or_follow(acme: Shelf) -> None:
    with every_tenant():
        note = Note.objects.get(pk=acme.note.pk)

    with pytest.raises(NoTenant):
        note.refresh_from_db()
    with pytest.raises(NoTenant):
        _ = note.folder
    with pytest.raises(NoTenant):
        list(acme.folder.notes.all())
    with pytest.raises(NoTenant):
        note.delete()


def texts(rows: Iterable[Note]) -> list[str]:
    return [row.text for row in rows]


OWN: dict[str, Callable[[Shelf], Any]] = {
    "all": lambda _: texts(Note.objects.all()),
    "base manager": lambda _: texts(Note._base_manager.all()),
    "iterator": lambda _: texts(Note.objects.iterator(chunk_size=1)),
    "raw": lambda _: texts(Note.objects.raw("SELECT * FROM notes_note")),
    "values": lambda _: [row["text"] for row in Note.objects.values("text")],
    "reverse": lambda shelf: texts(shelf.folder.notes.all()),
    "select_related": lambda _: [note.text for note in Note.objects.select_related("folder", "author")],
    "prefetch_related": lambda _: [
        note.text for folder in Folder.objects.prefetch_related("notes") for note in folder.notes.all()
    ],
    "join": lambda _: texts(Note.objects.filter(folder__title="Secrets")),
    "subquery": lambda _: texts(Note.objects.filter(Exists(Folder.objects.filter(pk=OuterRef("folder_id"))))),
    "union": lambda _: texts(Note.objects.union(Note.objects.all())),
    "or": lambda _: texts(Note.objects.filter(text="x") | Note.objects.exclude(text="x")),
    "in_bulk": lambda _: texts(Note.objects.in_bulk().values()),
}


@pytest.mark.parametrize("read", OWN.values(), ids=OWN)
def test_read_in_a_tenant_sees_its_own_rows_only(acme: Shelf, globex: Shelf, read: Callable[[Shelf], Any]) -> None:
    with tenant_scope(acme.tenant):
        assert read(acme) == ["acme's secret"]
    with tenant_scope(globex.tenant):
        assert read(globex) == ["globex's secret"]


def test_count_exists_and_aggregate_know_the_own_rows_only(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        assert Note.objects.count() == 1
        assert Note.objects.aggregate(n=Count("id")) == {"n": 1}
        assert not Note.objects.filter(pk=globex.note.pk).exists()
        assert not Note.objects.contains(globex.note)


async def test_async_reads_know_the_own_rows_only(
    committed_acme: Shelf, committed_globex: Shelf, async_database: None
) -> None:
    with tenant_scope(committed_acme.tenant):
        assert await Note.objects.acount() == 1
        assert [note.text async for note in Note.objects.all()] == ["acme's secret"]
        assert [note.text async for note in Note.objects.aiterator()] == ["acme's secret"]
        with pytest.raises(Note.DoesNotExist):
            await Note.objects.aget(pk=committed_globex.note.pk)


def test_queryset_made_in_one_scope_gives_nothing_of_another(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        of_acme = Note.objects.all()
    with every_tenant():
        of_all = Note.objects.all()

    with tenant_scope(globex.tenant):
        assert list(of_acme) == []
        assert texts(of_all) == ["globex's secret"]


def test_queryset_that_outlives_its_scope_fails(committed_acme: Shelf) -> None:
    with tenant_scope(committed_acme.tenant):
        notes = Note.objects.all()

    with pytest.raises(DatabaseError, match="uuid"):
        list(notes)


def test_neighbours_row_does_not_reload_follow_or_show_its_children(acme: Shelf, globex: Shelf) -> None:
    with every_tenant():
        note = Note.objects.get(pk=globex.note.pk)

    with tenant_scope(acme.tenant):
        with pytest.raises(ObjectDoesNotExist):
            note.refresh_from_db()
        with pytest.raises(ObjectDoesNotExist):
            _ = note.folder
        assert list(globex.folder.notes.all()) == []


def test_every_tenant_sees_all_and_owner_too(acme: Shelf, globex: Shelf) -> None:
    for scope in (every_tenant(), owner()):
        with scope:
            assert sorted(texts(Note.objects.all())) == ["acme's secret", "globex's secret"]


def test_new_row_is_claimed_for_the_tenant(acme: Shelf) -> None:
    with tenant_scope(acme.tenant):
        saved = Folder.objects.create(title="Saved")
        (bulk,) = Folder.objects.bulk_create([Folder(title="Bulk")])
        found, _ = Folder.objects.get_or_create(title="Found")

        assert {saved.tenant_id, bulk.tenant_id, found.tenant_id} == {acme.tenant.pk}
        assert Folder.objects.count() == 4


def test_new_row_may_name_its_tenant_as_text(acme: Shelf) -> None:
    with tenant_scope(acme.tenant):
        assert Folder.objects.create(title="x", tenant_id=str(acme.tenant.pk)).tenant_id == acme.tenant.pk


def test_staff_must_say_whose_row_it_is(acme: Shelf) -> None:
    with every_tenant():
        with pytest.raises(NoTenant), transaction.atomic():
            Folder.objects.create(title="x")
        assert Folder.objects.create(title="x", tenant=acme.tenant).tenant == acme.tenant


@pytest.mark.parametrize("save", [Folder.save, lambda row: Folder.objects.bulk_create([row])], ids=["save", "bulk"])
def test_row_for_a_neighbour_is_refused(acme: Shelf, globex: Shelf, save: Callable[[Folder], Any]) -> None:
    with tenant_scope(acme.tenant), pytest.raises(WrongTenant), transaction.atomic():
        save(Folder(title="Trojan", tenant=globex.tenant))

    with every_tenant():
        assert not Folder.objects.filter(title="Trojan").exists()


def test_neighbours_row_cannot_be_saved(acme: Shelf, globex: Shelf) -> None:
    with every_tenant():
        note = Note.objects.get(pk=globex.note.pk)
    note.text = "owned"

    with tenant_scope(acme.tenant):
        with pytest.raises(WrongTenant), transaction.atomic():
            note.save()
        with pytest.raises(DatabaseError, match="did not affect any rows"), transaction.atomic():
            note.save(update_fields=["text"])
        assert Note.objects.bulk_update([note], ["text"]) == 0

    with every_tenant():
        assert Note.objects.get(pk=globex.note.pk).text == "globex's secret"


def test_neighbours_row_cannot_be_taken_by_its_id(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        with pytest.raises(IntegrityError), transaction.atomic():
            Folder(pk=globex.folder.pk, title="mine").save()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Folder.objects.bulk_create(
                [Folder(pk=globex.folder.pk, title="mine")],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["title"],
            )

    with every_tenant():
        assert Folder.objects.get(pk=globex.folder.pk).title == "Secrets"


def test_update_and_delete_leave_the_neighbour_alone(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        assert Note.objects.update(text="changed") == 1
        assert Note.objects.filter(pk=globex.note.pk).delete() == (0, {})
        assert Folder.objects.all().delete() == (2, {"notes.Folder": 1, "notes.Note": 1})

    with every_tenant():
        assert texts(Note.objects.all()) == ["globex's secret"]


def test_delete_of_a_neighbours_row_deletes_nothing(acme: Shelf, globex: Shelf) -> None:
    with every_tenant():
        folder = Folder.objects.get(pk=globex.folder.pk)

    with tenant_scope(acme.tenant):
        folder.delete()

    with every_tenant():
        assert Folder.objects.filter(pk=globex.folder.pk).exists()
        assert Note.objects.filter(pk=globex.note.pk).exists()


def test_tenant_of_a_row_does_not_change(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        acme.folder.tenant = globex.tenant
        with pytest.raises(WrongTenant):
            acme.folder.save()
    for scope in (tenant_scope(acme.tenant), every_tenant()):
        with scope:
            with pytest.raises(WrongTenant):
                Folder.objects.update(tenant=globex.tenant)
            with pytest.raises(WrongTenant):
                Folder.objects.bulk_update([acme.folder], ["tenant"])


def test_tenant_with_rows_is_not_deleted(acme: Shelf) -> None:
    with every_tenant(), pytest.raises(ProtectedError):
        acme.tenant.delete()


def test_unique_constraint_of_a_tenant_is_not_disturbed_by_the_neighbour(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant), pytest.raises(ValidationError):
        Folder(title="Secrets", tenant=acme.tenant).full_clean()


def test_full_clean_refuses_a_neighbours_row(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        Note(tenant=acme.tenant, folder=acme.folder, author=acme.author, text="x").full_clean()
        with pytest.raises(ValidationError) as author:
            Note(tenant=acme.tenant, folder=acme.folder, author=globex.author, text="x").full_clean()
        with pytest.raises(ValidationError) as folder:
            Note(tenant=acme.tenant, folder_id=globex.folder.pk, text="x").full_clean()

    assert set(author.value.message_dict) == {"author"}
    assert set(folder.value.message_dict) == {"folder"}


def test_queryset_as_manager_is_a_tenant_manager() -> None:
    assert isinstance(TenantQuerySet.as_manager(), TenantManager)


def test_tenant_model_makes_its_own_key(acme: Shelf) -> None:
    with tenant_scope(acme.tenant):
        assert Folder(title="x").pk < Folder(title="y").pk
        assert Folder(title="x").pk > acme.folder.pk


def test_row_without_a_tenant_cannot_be_pointed_at(acme: Shelf) -> None:
    staff = Author.objects.create(name="staff")

    with tenant_scope(acme.tenant), pytest.raises(IntegrityError, match="author"), transaction.atomic():
        save_and_check(Note(folder=acme.folder, author=staff, text="x"))


@pytest.mark.parametrize("field", ["folder", "author", "reply_to"])
def test_foreign_key_to_a_neighbours_row_is_refused(acme: Shelf, globex: Shelf, field: str) -> None:
    target = {"folder": globex.folder, "author": globex.author, "reply_to": globex.note}[field]
    setattr(acme.note, field, target)

    for scope in (tenant_scope(acme.tenant), every_tenant()):
        with scope, pytest.raises(IntegrityError, match=field), transaction.atomic():
            save_and_check(acme.note)


def save_and_check(note: Note) -> None:
    note.save()
    connection.check_constraints()  # they wait for the commit, which a test does not reach
