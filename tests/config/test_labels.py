"""The names of fields, as the admin shows them."""

from typing import Any

from django.db.models import Field
from django.utils import translation

from conversations.models import Message
from whatsapp.models import Delivery


def names(*fields: "Field[Any, Any]") -> list[str]:
    return [str(field.verbose_name) for field in fields]


def test_fields_are_named_in_the_readers_language() -> None:
    fields = Delivery._meta.get_field("received_at"), Message._meta.get_field("reply_to")
    with translation.override("pt-br"):
        assert names(*fields) == ["recebido em", "resposta a"]
        assert str(Message._meta.get_field("said_at").help_text).startswith("Quando foi dito")
    with translation.override("en"):
        assert names(*fields) == ["received at", "reply to"]


def test_migrations_know_nothing_of_it() -> None:
    _name, _path, _args, options = Delivery._meta.get_field("received_at").deconstruct()
    assert "verbose_name" not in options
