"""What a client of the team chat makes of events, by docs/protocol.md alone."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from accounts.models import User
from conversations import queries
from conversations.serializers import conversation_object, message_object

Row = dict[str, Any]


class ChatScreen:
    """Somebody's chats and what was said in them, loaded once and then kept up to date; `seen` is the newest seq."""

    def __init__(self, user: User) -> None:
        self.user, self.me, self.seen = user, str(user.pk), 0
        self.chats: dict[str, Row] = {}
        self.threads: dict[str, dict[str, Row]] = {}

    def load(self, seq: int) -> None:
        """As a fresh page of now, which is `seq`."""
        self.seen = seq
        rows = list(queries.chats(self.user))
        queries.complete(rows, viewer=self.user)
        self.chats = {str(row.pk): _builtin(conversation_object(row)) for row in rows}
        self.threads = {str(row.pk): {} for row in rows}
        for message in queries.visible_messages(self.user).filter(conversation__in=rows):
            self.threads[str(message.conversation_id)][str(message.pk)] = _builtin(message_object(message))

    def _load_thread(self, chat_id: str) -> None:
        """Whoever comes into a chat opens it."""
        found = queries.visible_messages(self.user).filter(conversation=UUID(chat_id))
        self.threads[chat_id] = {str(row.pk): _builtin(message_object(row)) for row in found}

    def hear(self, events: Iterable[Row]) -> None:
        """Take in events in order; what was here before is dropped, and so is what is of no chat of theirs."""
        for event in events:
            if event["seq"] <= self.seen:
                continue
            self.seen = event["seq"]
            data, kind = event["data"], event["type"]
            if kind in _WHOLE or data["conversationId"] in self.chats:
                _CHANGES[kind](self, data)

    def shows(self) -> dict[str, Any]:
        """The list, and the threads with the status that each message has by the places."""
        threads = {
            chat_id: {key: self._shown(self.chats[chat_id], row) for key, row in thread.items()}
            for chat_id, thread in self.threads.items()
        }
        chats = {key: {**row, "lastMessage": None, "version": 0} for key, row in self.chats.items()}
        return {"chats": chats, "threads": threads}

    def _shown(self, chat: Row, row: Row) -> Row:
        place, reached = row["place"], row["status"]
        if place and not row["deletedAt"]:
            reached = "READ" if place <= chat["readPlace"] else "SENT"
            if reached == "SENT" and place <= chat["deliveredPlace"]:
                reached = "DELIVERED"
        return {
            **row,
            "status": reached,
            "deletedAt": bool(row["deletedAt"]),
            "recallableUntil": None,
            "metadata": None,
        }

    def _whole(self, data: Row) -> None:
        chat_id, has_come = data["conversationId"], self.me in data.get("userIds", ())
        if has_come:
            self.chats[chat_id] = dict(data["conversation"]) | {"unreadCount": 0, "mentionCount": 0}
            self._load_thread(chat_id)
        elif chat_id in self.chats:
            known = self.chats[chat_id]
            own = {name: known[name] for name in ("unreadCount", "mentionCount")}
            if known["version"] <= data["conversation"]["version"]:
                self.chats[chat_id] = dict(data["conversation"]) | own

    def _nothing(self, data: Row) -> None:
        """What it tells of has an event of its own."""

    def _left(self, data: Row) -> None:
        if self.me in data["userIds"]:
            self.chats.pop(data["conversationId"], None)
            self.threads.pop(data["conversationId"], None)
        else:
            self._whole({**data, "userIds": []})

    def _new(self, data: Row) -> None:
        message, chat = data["message"], self.chats[data["conversationId"]]
        thread = self.threads[data["conversationId"]]
        is_known = message["id"] in thread  # the thread was loaded after it was said
        self._message(data)
        if not message["place"] or (is_known and message["place"] <= chat["messageCount"]):
            return
        self._reach(chat, message["sender"]["id"], message["place"], message["place"])
        chat["messageCount"] = max(chat["messageCount"], message["place"])
        if message["sender"]["id"] == self.me:
            chat["unreadCount"] = chat["mentionCount"] = 0
        else:
            chat["unreadCount"] += 1
            chat["mentionCount"] += self._mentions_me(message)

    def _mentions_me(self, message: Row) -> bool:
        return self.me in {each["id"] for each in message["metadata"].get("mentions", ())}

    def _message(self, data: Row) -> None:
        thread = self.threads[data["conversationId"]]
        known = thread.get(data["message"]["id"])
        if known is None or known["version"] <= data["message"]["version"]:
            thread[data["message"]["id"]] = dict(data["message"])

    def _gone(self, data: Row) -> None:
        known, chat = self.threads[data["conversationId"]][data["messageId"]], self.chats[data["conversationId"]]
        if known["version"] > data["version"] or known["deletedAt"]:
            return
        if self._mentions_me(known) and known["place"] > chat["messageCount"] - chat["unreadCount"]:
            chat["mentionCount"] -= 1
        known |= {"content": "", "metadata": {}, "attachments": [], "reactions": [], "deletedAt": True}
        known |= {"version": data["version"], "status": data.get("status", known["status"])}

    def _reacted(self, data: Row) -> None:
        known = self.threads[data["conversationId"]][data["messageId"]]
        if known["version"] <= data["version"]:
            known |= {"reactions": data["reactions"], "version": data["version"]}

    def _part(self, data: Row) -> None:
        known = self.chats[data["conversationId"]]
        if known["version"] <= data["version"]:
            known |= data["updates"] | {"version": data["version"]}
            if data["lastMessage"]:
                known |= {"lastMessage": data["lastMessage"], "lastMessageAt": data["lastMessageAt"]}

    def _delivered(self, data: Row) -> None:
        self._reach(self.chats[data["conversationId"]], data["userId"], data["place"], 0)
        self._grow(data)

    def _read(self, data: Row) -> None:
        chat = self.chats[data["conversationId"]]
        self._reach(chat, data["userId"], data["place"], data["place"])
        self._grow(data)
        if data["userId"] == self.me:
            chat |= {"unreadCount": data["unreadCount"], "mentionCount": data["mentionCount"]}

    def _grow(self, data: Row) -> None:
        chat = self.chats[data["conversationId"]]
        chat |= {name: max(chat[name], data[name]) for name in ("deliveredPlace", "readPlace")}

    def _reach(self, chat: Row, user_id: str, delivered: int, read: int) -> None:
        for each in chat["participants"]:
            if each["user"]["id"] == user_id:
                each["deliveredPlace"] = max(each["deliveredPlace"], delivered)
                each["readPlace"] = max(each["readPlace"], read)


_WHOLE = {"conversation:new", "group:created", "group:joined", "group:updated", "group:left"}
_CHANGES = {
    "message:new": ChatScreen._new,
    "message:updated": ChatScreen._message,
    "message:edited": ChatScreen._message,
    "message:deleted": ChatScreen._gone,
    "message:recalled": ChatScreen._gone,
    "message:reaction": ChatScreen._reacted,
    "message:delivered": ChatScreen._delivered,
    "message:read": ChatScreen._read,
    "conversation:new": ChatScreen._whole,
    "conversation:updated": ChatScreen._part,
    "group:created": ChatScreen._whole,
    "group:joined": ChatScreen._whole,
    "group:updated": ChatScreen._whole,
    "group:left": ChatScreen._left,
    "notification:new": ChatScreen._nothing,
}


def _builtin(row: Any) -> Row:
    found: Row = json.loads(msgspec.json.encode(row))
    return found
