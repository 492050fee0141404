"""People who ask the API by token, and something for them to find."""

from collections.abc import Callable

import pytest
from django.core.cache import cache

from conversations.models import Contact, Conversation, Message
from conversations.statuses import Direction, MessageStatus, MessageType
from tenancy.scope import tenant_scope
from tests import webhooks
from tests.cast import Company


@pytest.fixture(autouse=True)
def _nobody_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def conversation(acme: Company, deliver: Callable[[bytes], None]) -> Conversation:
    """Marta wrote to acme twice."""
    deliver(webhooks.body(webhooks.value(webhooks.text("Oi"), webhooks.text("Tudo bem?"))))
    with tenant_scope(acme.tenant):
        return Conversation.objects.select_related("contact").get()


@pytest.fixture
def neighbours_conversation(globex: Company, deliver: Callable[[bytes], None]) -> Conversation:
    """Otto wrote to globex."""
    said = webhooks.text("Segredo", sender="5521999998888")
    deliver(webhooks.body(webhooks.value(said, name="Otto", number="test-phone-id-2"), waba="test-entry-2"))
    with tenant_scope(globex.tenant):
        return Conversation.objects.select_related("contact").get()


@pytest.fixture
def failed_message(acme: Company, conversation: Conversation) -> Message:
    """Ana's answer, which WhatsApp did not take."""
    with tenant_scope(acme.tenant):
        return Message.objects.create(
            conversation=conversation,
            number=acme.number,
            direction=Direction.OUTBOUND,
            type=MessageType.TEXT,
            content="Olá!",
            status=MessageStatus.FAILED,
            error_code="131000",
            sender=acme.ana,
            said_at=conversation.created_at,
        )


@pytest.fixture
def contact(conversation: Conversation) -> Contact:
    assert conversation.contact
    return conversation.contact
