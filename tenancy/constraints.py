"""What PostgreSQL itself enforces, as members of `Meta.constraints`, so that makemigrations writes it.

The SQL waits until the end of its migration: by then the tables and unique constraints that it leans on exist.
"""

from django.core.exceptions import FieldError, ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Statement, Table
from django.utils.translation import gettext_lazy as _

from tenancy.postgresql.roles import EVERY_ROLE, TENANT_ROLE
from tenancy.scope import current

Editor = BaseDatabaseSchemaEditor


class DeferredConstraint(models.BaseConstraint):
    """A constraint whose SQL runs as the last thing of its migration."""

    def statement(self, model: type[models.Model], editor: Editor) -> Statement:
        """The SQL that creates it."""
        raise NotImplementedError

    def removal(self, model: type[models.Model], editor: Editor) -> str:
        """The SQL that drops it."""
        raise NotImplementedError

    def create_sql(self, model: type[models.Model] | None, schema_editor: Editor | None) -> str:
        if model and schema_editor:
            schema_editor.deferred_sql.append(self.statement(model, schema_editor))
        return ""

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: Editor | None) -> str:
        return self.create_sql(model, schema_editor)

    def remove_sql(self, model: type[models.Model] | None, schema_editor: Editor | None) -> str:
        return self.removal(model, schema_editor) if model and schema_editor else ""

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Pass: a subclass knows whether a form can get it wrong."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeferredConstraint) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: name={self.name!r}>"


class RowLevelSecurity(DeferredConstraint):
    """Rows are seen and written by their tenant only, and by the role of the staff whatever their tenant.

    The policy reads its setting in a sub-select: worked out once a query and not once a row, and an error without it.
    The staff are a role because an OR in the policy would cost every tenant its index. ENABLE and not FORCE: the owner
    migrates and dumps all rows, and the application never acts as the owner.
    """

    def statement(self, model: type[models.Model], editor: Editor) -> Statement:
        return Statement(
            "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY; "
            "CREATE POLICY %(tenants)s ON %(table)s TO %(tenant_role)s "
            "USING (%(tenant)s = (SELECT current_setting('app.tenant_id')::uuid)); "
            "CREATE POLICY %(every)s ON %(table)s TO %(every_role)s USING (true)",
            table=Table(model._meta.db_table, editor.quote_name),
            tenants=editor.quote_name(self.name),
            every=editor.quote_name(f"{self.name}_every"),
            tenant=_columns(editor, model, "tenant"),
            tenant_role=TENANT_ROLE,
            every_role=EVERY_ROLE,
        )

    def removal(self, model: type[models.Model], editor: Editor) -> str:
        table = editor.quote_name(model._meta.db_table)
        return (
            f"DROP POLICY {editor.quote_name(self.name)} ON {table}; "
            f"DROP POLICY {editor.quote_name(f'{self.name}_every')} ON {table}; "
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        )


class SameTenant(DeferredConstraint):
    """The row that `field` points at belongs to the same tenant: a foreign key over (tenant, field) to (tenant, id).

    The target has a unique constraint over these two. A null `field` points nowhere and is not checked; a target whose
    own tenant is null (staff) cannot be pointed at. It includes the plain foreign key: `db_constraint=False` on the
    field saves the database from checking twice.
    """

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, object]]:
        path, _args, kwargs = super().deconstruct()
        return path, (), {**kwargs, "field": self.field}

    def statement(self, model: type[models.Model], editor: Editor) -> Statement:
        key = _foreign_key(model, self.field)
        target = key.target_field
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s) "
            "REFERENCES %(to_table)s (%(to_columns)s)%(on_delete)s DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, editor.quote_name),
            name=editor.quote_name(self.name),
            columns=_columns(editor, model, "tenant", self.field),
            to_table=Table(target.model._meta.db_table, editor.quote_name),
            to_columns=_columns(editor, target.model, "tenant", target.name),
            on_delete=_on_delete(editor, model, self.field),
        )

    def removal(self, model: type[models.Model], editor: Editor) -> str:
        return editor.sql_delete_fk % {
            "table": editor.quote_name(model._meta.db_table),
            "name": editor.quote_name(self.name),
        }

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        key = _foreign_key(model, self.field)
        target_id = getattr(instance, key.attname)
        if target_id is None or self.field in (exclude or ()):
            return
        tenant_id = getattr(instance, "tenant_id", None) or current().tenant_id
        rows = key.target_field.model._base_manager.using(using)
        if not rows.filter(**{key.target_field.name: target_id, "tenant_id": tenant_id}).exists():
            raise ValidationError({self.field: _("This one does not exist.")})


class _Unset(Columns):
    """`ON DELETE SET NULL` of one column; without naming it PostgreSQL would unset the tenant as well."""

    def __str__(self) -> str:
        return f" ON DELETE SET NULL ({super().__str__()})"


def tenant_constraints(*fields: str) -> list[models.BaseConstraint]:
    """What the Meta of every TenantModel lists; `fields` are its foreign keys to rows that have a tenant too.

    `constraints = [*tenant_constraints("conversation", "contact"), UniqueConstraint(…)]`
    """
    prefix = "%(app_label)s_%(class)s"
    return [
        models.UniqueConstraint(fields=["tenant", "id"], name=f"{prefix}_tenant_id"),
        RowLevelSecurity(name=f"{prefix}_rls"),
        *(SameTenant(field=field, name=f"{prefix}_{field}_tenant") for field in fields),
    ]


def _foreign_key(model: type[models.Model], name: str) -> "models.ForeignKey[models.Model, models.Model]":
    field = model._meta.get_field(name)
    if not isinstance(field, models.ForeignKey):
        raise FieldError(f"{model._meta.label}.{name} is not a foreign key.")
    return field


def _columns(editor: Editor, model: type[models.Model], *names: str, kind: type[Columns] = Columns) -> Columns:
    columns = [str(getattr(model._meta.get_field(name), "column", name)) for name in names]
    return kind(model._meta.db_table, columns, editor.quote_name)


def _on_delete(editor: Editor, model: type[models.Model], name: str) -> Columns | str:
    """What Django does in Python on delete, for deletes that go past it."""
    action = _foreign_key(model, name).remote_field.on_delete
    if action is models.SET_NULL:
        return _columns(editor, model, name, kind=_Unset)
    return " ON DELETE CASCADE" if action is models.CASCADE else ""
