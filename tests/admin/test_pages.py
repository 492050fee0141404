"""Every page of one row, as staff and as the tenant's administrator."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conversations.models import Contact, Conversation, Message
from events.models import Event
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import webhooks
from tests.cast import Company
from tests.webhooks import body, text, value
from whatsapp.models import Delivery


def page_of(row: Model) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


@pytest.mark.parametrize("kind", [Conversation, Message, Contact, Event, Delivery], ids=lambda kind: kind.__name__)
def test_what_happened_is_shown_and_cannot_be_changed(
    acme: Company, conversation: Conversation, staff: Client, bruno: Client, kind: Any
) -> None:
    with tenant_scope(acme.tenant):
        row = kind.objects.first()
    for client in (staff, bruno):
        page = client.get(page_of(row))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert client.post(page_of(row), {}).status_code == 403
        assert client.post(page_of(row).replace("change", "delete"), {"post": "yes"}).status_code == 403
        assert client.get(reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_add")).status_code == 403


def test_messages_of_a_conversation_are_one_click_away(
    acme: Company, conversation: Conversation, bruno: Client, deliver: Callable[[bytes], None]
) -> None:
    deliver(body(value(text("Outra pessoa", sender="5511877777777"))))
    link = f"/admin/conversations/message/?conversation__id__exact={conversation.pk}"
    assert link in bruno.get(page_of(conversation)).content.decode()
    listed = bruno.get(link).content.decode()
    assert "Oi" in listed
    assert "Outra pessoa" not in listed


def test_a_message_shows_its_files(acme: Company, bruno: Client, deliver: Callable[[bytes], None]) -> None:
    picture = webhooks.text() | {"type": "image", "image": {"id": "media-4711", "mime_type": "image/jpeg"}}
    deliver(body(value(picture)))
    with tenant_scope(acme.tenant):
        page = bruno.get(page_of(Message.objects.get())).content.decode()
    assert "media-4711" in page


def test_events_are_laid_out(acme: Company, conversation: Conversation, bruno: Client) -> None:
    with tenant_scope(acme.tenant):
        event = Event.objects.get(type="message:new")
    assert "&quot;content&quot;: &quot;Oi&quot;" in bruno.get(page_of(event)).content.decode()


def test_labels_and_boards_are_the_tenants_own(acme: Company, bruno: Client) -> None:
    assert bruno.post("/admin/conversations/label/add/", {"name": "VIP", "hue": 10}).status_code == 302
    with tenant_scope(acme.tenant):
        label = acme.tenant.pk, "VIP"
        from conversations.models import Label  # noqa: PLC0415

        row = Label.objects.get()
        assert (row.tenant_id, row.name) == label


def test_every_model_has_a_test() -> None:
    elsewhere = {"User", "Team", "Tenant", "Number", "EarlyUpdate", "Label", "Board"}
    here = {"Conversation", "Message", "Contact", "Event", "Delivery"}
    assert {model.__name__ for model in admin.site._registry} == here | elsewhere
    assert User
    assert Tenant
