"""Chats for the tests: made and written into by people of the cast."""

from typing import Any

from accounts.models import User
from conversations import actions
from conversations.models import Conversation, Message
from tests.cast import Company


def direct(company: Company, one: str = "ana", other: str = "caio") -> Conversation:
    """The conversation of two."""
    return actions.open_direct(by=company.people[one], colleague=company.people[other])


def group(company: Company, *names: str, **options: Any) -> Conversation:
    """A group that the first one began with the others."""
    people = [company.people[name] for name in names or ("ana", "caio", "sofia")]
    return actions.create_group(by=people[0], title="Atendimento", people=people[1:], **options)


def say(chat: Conversation, by: User, content: str = "Oi!", **parts: Any) -> Message:
    """Somebody writes."""
    return actions.write_message(chat, by=by, content=content, **parts)
