"""What docs/operations.md says of backups: dumped as the owner, restored elsewhere, still kept apart."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from psycopg import sql

from conversations.actions import send_message
from conversations.models import Attachment, Conversation, Message
from conversations.statuses import LOST_ANSWER
from launch.binaries import postgres_binaries
from tenancy.scope import every_tenant, tenant_scope
from tests.cast import Company
from tests.customers import writes
from whatsapp.sending import fail_lost_sends, send_waiting

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]

KEPT_APART = """
SELECT tablename, policyname, roles::text[], qual FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2
"""


def url(name: str) -> str:
    login = connection.settings_dict
    return f"postgres://{login['USER']}:{login['PASSWORD']}@{login['HOST']}:{login['PORT']}/{name}"


def run(program: str, *arguments: str) -> None:
    subprocess.run([postgres_binaries(None) / program, *arguments], check=True, capture_output=True)


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """An empty database on the same server, which knows the roles already."""
    name = sql.Identifier(f"{connection.settings_dict['NAME']}_restored")
    with psycopg.connect(url("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        server.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(name))
        yield url(f"{connection.settings_dict['NAME']}_restored")
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_restored_database_holds_everything_and_keeps_tenants_apart(
    acme: Company, globex: Company, elsewhere: str, tmp_path: Path
) -> None:
    writes(acme, "Marta", "Oi!", "Tudo bem?")
    dump = str(tmp_path / "recado.dump")
    run("pg_dump", "--format=custom", "--file", dump, url(str(connection.settings_dict["NAME"])))
    run("pg_restore", "--exit-on-error", "--no-owner", "--dbname", elsewhere, dump)

    with psycopg.connect(elsewhere) as restored, connection.cursor() as original:
        original.execute(KEPT_APART)
        assert restored.execute(KEPT_APART).fetchall() == original.fetchall()
        assert messages_of(restored, globex) == []
        assert messages_of(restored, acme) == ["Oi!", "Tudo bem?"]


def messages_of(restored: "psycopg.Connection[tuple[str, ...]]", company: Company) -> list[str]:
    """What the application sees in the tenant's scope."""
    restored.execute("SET ROLE recado_app")
    restored.execute(sql.SQL("SET app.tenant_id = {}").format(str(company.tenant.pk)))
    found = restored.execute("SELECT content FROM conversations_message ORDER BY said_at, id").fetchall()
    restored.execute("RESET ROLE")
    return [content for (content,) in found]


def test_what_waited_in_a_backup_is_not_sent_a_second_time(acme: Company) -> None:
    conversation: Conversation = writes(acme, "Marta", "Oi!")
    with tenant_scope(acme.tenant):
        sent_since = send_message(conversation, by=acme.ana, content="Olá!")
        Attachment.objects.create(message=sent_since)  # in the backup WhatsApp does not have it yet

    with every_tenant():  # as the page says
        waiting = Message.objects.filter(direction="OUTBOUND", status__in=["PENDING", "SENDING"])
        Conversation.objects.filter(last_message_id__in=waiting.values("pk")).update(last_message_status="FAILED")
        waiting.update(status="FAILED", error_code="lost_answer", failed_at=timezone.now(), next_attempt_at=None)

    with tenant_scope(acme.tenant):
        fail_lost_sends(timezone.now() + timedelta(hours=1))
        assert send_waiting(conversation.pk) is None
        sent_since.refresh_from_db()
        conversation.refresh_from_db()
    assert (sent_since.status, sent_since.error_code) == ("FAILED", LOST_ANSWER)
    assert conversation.last_message_status == "FAILED"
