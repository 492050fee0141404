import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.writer import MigrationWriter

from tenancy.constraints import RowLevelSecurity, SameTenant
from tenancy.models import TenantForeignKey, TenantModel
from tenancy.scope import every_tenant, owner, tenant_scope
from tests.tenancy.conftest import Shelf
from tests.tenancy.notes.models import Author, Folder, Note
from tests.tenancy.sql import row, run, run_and_check


def definition(constraint: str) -> object:
    found = row("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", constraint)
    return found and found[0]


def is_protected(table: str) -> object:
    return row("SELECT relrowsecurity FROM pg_class WHERE relname = %s", table) == (True,)


# Migrations


def test_makemigrations_writes_every_constraint_and_finds_nothing_more(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


_UNPROTECTED = """
SELECT relname FROM pg_class
WHERE relname = ANY(%s) AND NOT (relrowsecurity AND EXISTS (
    SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND pg_get_expr(polqual, polrelid) LIKE '%%app.tenant_id%%'
))
"""


def test_every_table_of_tenants_is_protected_in_the_database(db: None) -> None:
    """Also where a migration was written by hand."""
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)]
    assert {"conversations_upload", "conversations_participant", "conversations_mention"} <= set(tables)
    assert row(_UNPROTECTED, tables) is None


@pytest.mark.parametrize(
    "constraint", [RowLevelSecurity(name="a_rls"), SameTenant(field="folder", name="a_folder_tenant")], ids=repr
)
def test_constraint_survives_being_written_down(constraint: models.BaseConstraint) -> None:
    written, imports = MigrationWriter.serialize(constraint)
    scope: dict[str, object] = {}
    exec("\n".join(imports), scope)  # noqa: S102 - it is what a migration file does

    assert eval(written, scope) == constraint == constraint.clone()  # noqa: S307
    assert hash(constraint) == hash(constraint.clone())


def test_constraints_that_differ_are_different() -> None:
    assert SameTenant(field="a", name="x") != SameTenant(field="b", name="x")
    assert RowLevelSecurity(name="x") != SameTenant(field="b", name="x")
    assert RowLevelSecurity(name="x") != models.UniqueConstraint(fields=["a"], name="x")


def test_constraints_are_named_after_their_model() -> None:
    assert [constraint.name for constraint in Note._meta.constraints] == [
        "notes_note_tenant_id",
        "notes_note_rls",
        "notes_note_folder_tenant",
        "notes_note_author_tenant",
        "notes_note_reply_to_tenant",
    ]


def state_of(constraint: models.BaseConstraint) -> tuple[object, object]:
    return definition(constraint.name), is_protected("notes_note")


@pytest.mark.parametrize("constraint", Note._meta.constraints[1:], ids=lambda constraint: constraint.name)
def test_constraint_can_be_taken_off_and_put_back(db: None, constraint: models.BaseConstraint) -> None:
    before = state_of(constraint)

    with owner():
        with connection.schema_editor() as editor:
            editor.remove_constraint(Note, constraint)
        without = state_of(constraint)
        with connection.schema_editor() as editor:
            editor.add_constraint(Note, constraint)

    assert without in [(None, True), (None, False)]
    assert without != before == state_of(constraint)


def test_migration_goes_back_and_forth(transactional_db: None) -> None:
    call_command("migrate", "notes", "zero", verbosity=0)
    call_command("migrate", "notes", verbosity=0)

    assert is_protected("notes_note")


def test_key_follows_a_table_that_is_renamed_in_the_same_migration(db: None) -> None:
    with owner(), connection.schema_editor() as editor:
        (key,) = (constraint for constraint in Note._meta.constraints if constraint.name == "notes_note_folder_tenant")
        editor.remove_constraint(Note, key)
        editor.add_constraint(Note, key)
        editor.alter_db_table(Note, "notes_note", "notes_page")

    assert row("SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = %s", key.name) == ("notes_page",)


def test_key_may_point_at_a_model_of_another_app_that_is_named_lazily(db: None) -> None:
    tenant, key = TenantForeignKey(), models.ForeignKey("shop.Shelf", models.CASCADE)
    default = models.TextField(db_default="")  # makes Django create the constraints in another way
    make_shelf = CreateModel(
        "Shelf",
        [("id", models.UUIDField(primary_key=True)), ("tenant", tenant), ("note", default)],
        {"constraints": [models.UniqueConstraint(fields=["tenant", "id"], name="shop_shelf_tenant_id")]},
    )
    make_book = CreateModel(
        "Book",
        [("id", models.UUIDField(primary_key=True)), ("tenant", tenant.clone()), ("shelf", key), ("note", default)],
        {"constraints": [RowLevelSecurity(name="library_rls"), SameTenant(field="shelf", name="library_shelf_tenant")]},
    )

    state = MigrationLoader(connection).project_state()
    with owner(), connection.schema_editor() as editor:
        for app, operation in (("shop", make_shelf), ("library", make_book)):
            before = state.clone()
            operation.state_forwards(app, state)
            operation.database_forwards(app, editor, before, state)

    assert is_protected("library_book")
    assert definition("library_shelf_tenant") == (
        "FOREIGN KEY (tenant_id, shelf_id) REFERENCES shop_shelf(tenant_id, id) "
        "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
    )


def test_key_over_something_else_than_a_foreign_key_is_refused(db: None) -> None:
    with pytest.raises(FieldError, match="not a foreign key"), owner(), connection.schema_editor() as editor:
        editor.add_constraint(Note, SameTenant(field="text", name="x"))


# What they do


def test_reference_is_checked_by_one_key_over_tenant_and_id(db: None) -> None:
    """What `SameTenantKey` is for: no second key over the id alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'notes_note'::regclass AND contype = 'f'")
        keys = {name for (name,) in cursor.fetchall() if not name.startswith("notes_note_tenant_id")}

    assert keys == {f"notes_note_{field}_tenant" for field in ("folder", "author", "reply_to")}


def test_raw_delete_does_what_the_fields_say(acme: Shelf, globex: Shelf) -> None:
    with tenant_scope(acme.tenant):
        run("DELETE FROM notes_author WHERE id = %s", acme.author.pk)
        acme.note.refresh_from_db()
        assert (acme.note.author_id, acme.note.tenant_id) == (None, acme.tenant.pk)

        run("DELETE FROM notes_folder")
        assert not Note.objects.exists()
    connection.check_constraints()

    with every_tenant():
        assert Note.objects.get().author == globex.author


def test_raw_delete_of_a_protected_row_is_refused(acme: Shelf) -> None:
    with tenant_scope(acme.tenant):
        Note.objects.create(folder=acme.folder, reply_to=acme.note, text="x")
        with pytest.raises(IntegrityError, match="reply_to"), transaction.atomic():
            run_and_check("DELETE FROM notes_note WHERE id = %s", acme.note.pk)


@pytest.mark.parametrize("field", ["folder", "author", "reply_to"])
def test_raw_reference_to_a_neighbours_row_is_refused(acme: Shelf, globex: Shelf, field: str) -> None:
    target = {"folder": globex.folder, "author": globex.author, "reply_to": globex.note}[field]
    for scope in (tenant_scope(acme.tenant), every_tenant(), owner()):
        with scope, pytest.raises(IntegrityError, match=f"notes_note_{field}_tenant"), transaction.atomic():
            run_and_check(f"UPDATE notes_note SET {field}_id = %s WHERE id = %s", target.pk, acme.note.pk)  # noqa: S608


def test_row_that_others_point_at_cannot_go_to_another_tenant(acme: Shelf, globex: Shelf) -> None:
    move = "UPDATE notes_folder SET tenant_id = %s, title = 'x' WHERE id = %s"
    with every_tenant(), pytest.raises(IntegrityError, match="notes_note_folder_tenant"), transaction.atomic():
        run_and_check(move, globex.tenant.pk, acme.folder.pk)


def test_reference_may_be_null_and_may_come_before_its_target(acme: Shelf) -> None:
    with tenant_scope(acme.tenant):
        folder = Folder(title="Later")
        Note.objects.create(folder_id=folder.pk, author=None, text="x")
        folder.save()
        connection.check_constraints()

    assert Author.objects.count() == 1
