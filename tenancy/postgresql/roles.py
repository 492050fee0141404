"""The two roles that row-level security binds, and who may take them on.

Roles belong to the whole cluster: another database may be making the same ones at this moment, so nothing here minds
being late.
"""

from django.db.backends.utils import CursorWrapper
from psycopg import sql

TENANT_ROLE = "recado_app"
EVERY_ROLE = "recado_all"

_CREATE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;
DO $$ BEGIN
    IF NOT has_schema_privilege('{role}', current_schema(), 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema());
    END IF;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO {role}', current_schema());
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO {role}', current_schema());
END $$;
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {role};
"""

# Without INHERIT a login is nobody until it takes on a role. PostgreSQL 15 knows that only as a property of the login.
_ADMIT = """
DO $$ BEGIN
    IF current_setting('server_version_num')::int < 160000 THEN
        IF NOT pg_has_role({login}, {role}, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', {role}, {login});
        END IF;
    ELSIF NOT pg_has_role({login}, {role}, 'SET') THEN
        EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', {role}, {login});
    END IF;
EXCEPTION WHEN unique_violation OR internal_error THEN
    NULL;
END $$;
"""


def create_roles(cursor: CursorWrapper) -> None:
    """Make the roles, and let them at the tables of this database, those of later migrations included."""
    for role in (TENANT_ROLE, EVERY_ROLE):
        cursor.execute(_CREATE.format(role=role))
    cursor.execute("SELECT current_user")
    admit(cursor, cursor.fetchone()[0])


def admit(cursor: CursorWrapper, login: str) -> None:
    """Let a login take on the roles."""
    for role in (TENANT_ROLE, EVERY_ROLE):
        cursor.execute(sql.SQL(_ADMIT).format(role=role, login=login))
