"""What PostgreSQL itself enforces, as members of `Meta.constraints`, so that makemigrations writes it.

Both kinds of SQL wait until the end of their migration: by then the tables and unique constraints they lean on exist.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Statement, Table
from django.utils.translation import gettext_lazy as _

from tenancy.postgresql.roles import EVERY_ROLE, TENANT_ROLE
from tenancy.scope import current


class DeferredConstraint(models.BaseConstraint):
    """A constraint whose SQL runs as the last thing of its migration."""

    def statement(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        """The SQL that creates it."""
        raise NotImplementedError

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        schema_editor.deferred_sql.append(self.statement(model, schema_editor))

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        self.create_sql(model, schema_editor)

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Nothing that a form could get wrong."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeferredConstraint) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.name}>"


class RowLevelSecurity(DeferredConstraint):
    """Rows can be seen and written by their tenant only; by the staff role without regard to the tenant.

    The policy reads its setting in a sub-select, so that it is worked out once a query and not once a row, and fails
    without it. ENABLE rather than FORCE: the owner migrates and dumps all rows, and the application never is the owner.
    """

    _create = (
        "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY; "
        "CREATE POLICY %(policy)s ON %(table)s TO " + TENANT_ROLE + " "
        "USING (%(tenant)s = (SELECT current_setting('app.tenant_id')::uuid)); "
        "CREATE POLICY %(every)s ON %(table)s TO " + EVERY_ROLE + " USING (true)"
    )
    _remove = (
        "DROP POLICY %(policy)s ON %(table)s; "
        "DROP POLICY %(every)s ON %(table)s; "
        "ALTER TABLE %(table)s DISABLE ROW LEVEL SECURITY"
    )

    def statement(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        return self._statement(self._create, model, schema_editor)

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        return self._statement(self._remove, model, schema_editor)

    def _statement(
        self, template: str, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement:
        quote, table = schema_editor.quote_name, model._meta.db_table
        return Statement(
            template,
            table=Table(table, quote),
            policy=quote(self.name),
            every=quote(f"{self.name}_every"),
            tenant=Columns(table, [model._meta.get_field("tenant").column], quote),
        )


class SameTenant(DeferredConstraint):
    """The row that `field` points at belongs to the same tenant: a foreign key over (tenant, field).

    The target needs a unique constraint over (tenant, id). A null `field` is no reference, and is not checked.
    """

    def __init__(self, *, field: str, name: str, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.field = field

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def statement(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        quote, table = schema_editor.quote_name, model._meta.db_table
        field: Any = model._meta.get_field(self.field)
        target = field.target_field.model._meta
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s) "
            "REFERENCES %(to_table)s (%(to_columns)s)%(on_delete)s DEFERRABLE INITIALLY DEFERRED",
            table=Table(table, quote),
            name=quote(self.name),
            columns=Columns(table, [model._meta.get_field("tenant").column, field.column], quote),
            to_table=Table(target.db_table, quote),
            to_columns=Columns(target.db_table, [target.get_field("tenant").column, field.target_field.column], quote),
            on_delete=OnDelete(table, field, quote),
        )

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        editor: Any = schema_editor
        return editor._delete_fk_sql(model, self.name)

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        field: Any = model._meta.get_field(self.field)
        target_id = getattr(instance, field.attname)
        if target_id is None or self.field in (exclude or ()):
            return
        tenant_id = getattr(instance, "tenant_id", None) or current().tenant_id
        rows = field.remote_field.model._base_manager.using(using)
        if not rows.filter(**{field.target_field.attname: target_id, "tenant_id": tenant_id}).exists():
            raise ValidationError({self.field: _("This one does not exist.")})


class OnDelete(Columns):
    """The ON DELETE clause of a same-tenant key. It names the column: SET NULL alone would unset the tenant as well."""

    def __init__(self, table: str, field: Any, quote_name: Any) -> None:
        super().__init__(table, [field.column], quote_name)
        self.action = field.remote_field.on_delete

    def __str__(self) -> str:
        if self.action is models.SET_NULL:
            return f" ON DELETE SET NULL ({super().__str__()})"
        if self.action is models.CASCADE:
            return " ON DELETE CASCADE"
        return ""


def tenant_constraints(*fields: str) -> Sequence[models.BaseConstraint]:
    """What every TenantModel's Meta must list; `fields` are its foreign keys to rows that have a tenant too.

    `constraints = [*tenant_constraints("conversation", "contact"), UniqueConstraint(…)]`
    """
    return [
        models.UniqueConstraint(fields=["tenant", "id"], name="%(app_label)s_%(class)s_tenant_id"),
        RowLevelSecurity(name="%(app_label)s_%(class)s_rls"),
        *(SameTenant(field=field, name=f"%(app_label)s_%(class)s_{field}_tenant") for field in fields),
    ]
