"""Who may look behind the scenes: staff of the installation, and an administrator of acme."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from conversations.models import Conversation
from tenancy.scope import tenant_scope
from tests import webhooks
from tests.cast import PASSWORD, Company


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@recado.test", PASSWORD, name="Root")


@pytest.fixture
def staff(root: User) -> Client:
    """The browser of somebody who runs the installation."""
    client = Client()
    client.force_login(root)
    return client


@pytest.fixture
def bruno(acme: Company) -> Client:
    """The browser of acme's administrator."""
    User.objects.filter(pk=acme.bruno.pk).update(is_staff=True)
    client = Client()
    client.force_login(acme.bruno)
    return client


@pytest.fixture
def conversation(acme: Company, deliver: Callable[[bytes], None]) -> Conversation:
    """Marta wrote to acme."""
    deliver(webhooks.body(webhooks.value(webhooks.text("Oi"))))
    with tenant_scope(acme.tenant):
        return Conversation.objects.get()


@pytest.fixture
def neighbours_conversation(globex: Company, deliver: Callable[[bytes], None]) -> Conversation:
    """Otto wrote to globex."""
    said = webhooks.text("Segredo", sender="5521999998888")
    deliver(webhooks.body(webhooks.value(said, name="Otto", number="test-phone-id-2"), waba="test-entry-2"))
    with tenant_scope(globex.tenant):
        return Conversation.objects.get()
