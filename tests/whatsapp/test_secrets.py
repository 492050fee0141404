"""Secrets of numbers: encrypted in the row, written anew under another key, and what is without theirs."""

from collections.abc import Callable
from contextvars import Context

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.test import Client

from conversations.actions import send_message
from conversations.models import Conversation
from tests.cast import Company
from whatsapp import sending
from whatsapp.models import Number

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
NAMES = ("access_token", "app_secret", "verify_token")
Keys = Callable[..., None]


@pytest.fixture(autouse=True)
def _sealed(keys: Keys, in_acme: Company) -> None:
    """The secrets of acme's number were written with the old key."""
    keys(OLD)
    for name in NAMES:
        setattr(in_acme.number, name, f"my {name}")
    in_acme.number.save()


def test_rows_hold_no_plain_text(in_acme: Company) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, app_secret, verify_token FROM whatsapp_number")
        assert all(Fernet(OLD).decrypt(token.encode()).startswith(b"my ") for token in cursor.fetchone())


def test_numbers_written_anew_do_without_the_old_key(keys: Keys, in_acme: Company) -> None:
    keys(NEW, OLD)
    for number in Number.objects.all():  # as docs/operations.md says
        number.save(update_fields=["access_token", "app_secret", "verify_token"])
    keys(NEW)
    number = Number.objects.get()
    assert [getattr(number, name) for name in NAMES] == [f"my {name}" for name in NAMES]


def test_number_without_its_key_keeps_no_other_from_being_verified(keys: Keys, client: Client) -> None:
    keys(NEW)
    Number.objects.create(phone_number_id="other", waba_id="w", display_number="55", verify_token="of another")
    assert [_verify(client, token) for token in ("of another", "my verify_token", "")] == [200, 403, 403]


def _verify(client: Client, token: str) -> int:
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "42"}
    return Context().run(client.get, "/webhooks/whatsapp", asked).status_code


def test_nothing_is_sent_with_a_token_that_cannot_be_read(
    keys: Keys, in_acme: Company, conversation: Conversation
) -> None:
    keys(NEW)
    message = send_message(conversation, by=in_acme.ana, content="Oi!")
    assert sending.send_waiting(conversation.pk) is None
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("FAILED", "not_connected")
