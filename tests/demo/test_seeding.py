"""What the demo shows of the team chat."""

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from conversations import queries
from conversations.serializers import conversation_object
from demo.seeding import seed
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


@pytest.mark.django_db
def test_demo_has_a_team_chat_with_something_to_read(settings: Settings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert seed()
    with tenant_scope(Tenant.objects.get(slug="acme")):
        caio = User.objects.get(email="caio@acme.test")
        rows = queries.conversation_page(caio, view="chats").items
        shown = {row.kind: row for row in map(conversation_object, rows)}
        assert (shown["GROUP"].title, shown["GROUP"].participant_count) == ("Atendimento", 4)
        assert shown["GROUP"].mention_count == 1
        assert shown["DIRECT"].unread_count == 1
        times = [message.said_at for message in queries.message_page(rows[0]).items]
        assert times == sorted(times, reverse=True)
