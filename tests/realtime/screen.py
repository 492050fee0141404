"""What a client makes of events, by docs/protocol.md alone: the messages and conversations that it would show."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from conversations.queries import conversations, messages
from conversations.serializers import conversation_object, message_object

Row = dict[str, Any]


class Screen:
    """Loaded once, then kept up to date by events; `seen` is the seq of the newest."""

    def __init__(self) -> None:
        self.seen = 0
        self.messages: dict[str, Row] = {}
        self.conversations: dict[str, Row] = {}

    def load(self, seq: int) -> None:
        """As a fresh page of now, which is `seq`."""
        self.seen = seq
        self.messages = {str(row.pk): _builtin(message_object(row)) for row in messages()}
        self.conversations = {str(row.pk): _builtin(conversation_object(row)) for row in conversations()}

    def hear(self, events: Iterable[Row]) -> None:
        """Take in events in order; what was here before is dropped."""
        for event in events:
            if event["seq"] > self.seen:
                self.seen = event["seq"]
                _CHANGES[event["type"]](self, event["data"])

    def shows(self) -> dict[str, Any]:
        """Everything that is on it, without what no event tells: Meta's own id and notes on a message."""
        shown = {key: {**row, "deletedAt": bool(row["deletedAt"])} for key, row in self.messages.items()}
        for row in shown.values():
            del row["whatsappMessageId"], row["metadata"]
        return {"messages": shown, "conversations": self.conversations}

    def _message(self, data: Row) -> None:
        known = self.messages.get(data["message"]["id"])
        if known is None or known["version"] <= data["message"]["version"]:
            self.messages[data["message"]["id"]] = dict(data["message"])

    def _message_part(self, data: Row) -> None:
        known = self.messages[data["messageId"]]
        if known["version"] <= data["version"]:
            known |= {name: value for name, value in data.items() if name in known and name != "conversationId"}

    def _deleted(self, data: Row) -> None:
        gone = {"content": "", "deletedAt": True, "attachments": [], "reactions": []}
        self._message_part(data | gone)

    def _nothing(self, data: Row) -> None:
        """What it tells of has an event of its own."""

    def _conversation(self, data: Row) -> None:
        self.conversations[data["conversationId"]] = dict(data["conversation"])

    def _conversation_part(self, data: Row) -> None:
        known = self.conversations[data["conversationId"]]
        if known["version"] <= data["version"]:
            known |= data["updates"] | {"version": data["version"]}
            if data["lastMessage"]:
                known |= {"lastMessage": data["lastMessage"], "lastMessageAt": data["lastMessageAt"]}


_CHANGES = {
    "message:new": Screen._message,
    "message:updated": Screen._message,
    "message:edited": Screen._message,
    "message:status-update": Screen._message_part,
    "message:reaction": Screen._message_part,
    "message:deleted": Screen._deleted,
    "conversation:new": Screen._conversation,
    "conversation:updated": Screen._conversation_part,
    "notification:new": Screen._nothing,
}


def _builtin(row: Any) -> Row:
    found: Row = json.loads(msgspec.json.encode(row))
    return found
