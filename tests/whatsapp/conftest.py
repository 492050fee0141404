"""WhatsApp as sending meets it: the simulator's Graph API, and a conversation whose window is open."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from conversations.models import Contact, ContactIdentity, Conversation
from tests.cast import Company
from tests.meta import Meta
from whatsapp import graph, limits

PHONE = "5511888888888"


@pytest.fixture(scope="session")
def running_meta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    meta = Meta(tmp_path_factory.mktemp("meta")).start()
    yield meta
    meta.stop()


@pytest.fixture
def meta(running_meta: Meta, settings: Settings) -> Iterator[Meta]:
    running_meta.normal()
    settings.GRAPH_URL = running_meta.graph_url
    settings.GRAPH_TIMEOUT = 1
    forget_rates()
    yield running_meta
    graph._client().close()
    graph._client.cache_clear()


def forget_rates() -> None:
    """As if nothing had been sent for some time."""
    for key in limits.synchronous().scan_iter("recado:rate:*"):
        limits.synchronous().delete(key)


@pytest.fixture
def conversation(in_acme: Company) -> Conversation:
    contact = Contact.objects.create(name="Marta", phone=PHONE)
    ContactIdentity.objects.create(contact=contact, kind="WA_ID", value=PHONE)
    return Conversation.objects.create(
        contact=contact, number=in_acme.number, address=PHONE, window_expires_at=timezone.now() + timedelta(hours=23)
    )
