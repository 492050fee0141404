"""Every command a client may send: name, typed data, and a handler that only calls an action or a query."""

from realtime.commands import chats, conversations, messages, people, presence, session, templates
from realtime.commands.registry import REGISTRY, Caller, Command, MembershipLost, Socket

__all__ = [
    "REGISTRY",
    "Caller",
    "Command",
    "MembershipLost",
    "Socket",
    "chats",
    "conversations",
    "messages",
    "people",
    "presence",
    "session",
    "templates",
]
