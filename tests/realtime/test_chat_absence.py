"""In the team chat too: a client that was away and one that never left end with the same, as a fresh page shows it."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from conversations import actions, queries
from conversations.errors import DomainError
from conversations.models import Conversation, Message
from conversations.statuses import ConversationKind, GroupRole
from events import log
from realtime.catchup import Missed, events_since
from realtime.doors import door_of
from realtime.messages import told
from realtime.rooms import own_rooms
from tests.cast import Company
from tests.realtime.chat_screen import ChatScreen

pytestmark = pytest.mark.django_db


class Office:
    """Four colleagues do something; `number` says who, where and with whom."""

    def __init__(self, company: Company) -> None:
        self.people = list(company.people.values())

    def who(self, number: int) -> User:
        return self.people[number % 4]

    def other(self, number: int) -> User:
        return self.people[(number // 4) % 4]

    def chat(self, number: int, **wanted: object) -> Conversation:
        rows = list(Conversation.objects.filter(**wanted).order_by("pk"))
        if not rows:
            raise LookupError
        return rows[number % len(rows)]

    def message(self, number: int) -> Message:
        rows = list(Message.objects.filter(place__gt=0).select_related("conversation").order_by("pk"))
        if not rows:
            raise LookupError
        return rows[number % len(rows)]

    def direct(self, number: int) -> object:
        return actions.open_direct(by=self.who(number), colleague=self.other(number))

    def create(self, number: int) -> object:
        people = [self.other(number)]
        return actions.create_group(by=self.who(number), title=f"G{number}", people=people, is_open=number % 2 == 0)

    def say(self, number: int) -> object:
        mentioned = (self.other(number).pk,) if number % 3 == 0 else ()
        chat = self.chat(number // 3)
        return actions.write_message(chat, by=self.who(number), content=f"t{number}", mention_ids=mentioned)

    def edit(self, number: int) -> object:
        return actions.rewrite_message(self.message(number), by=self.who(number), content=f"e{number}")

    def delete(self, number: int) -> object:
        return actions.delete_for_everyone(self.message(number), by=self.who(number))

    def recall(self, number: int) -> object:
        return actions.recall_message(self.message(number), by=self.who(number))

    def react(self, number: int) -> object:
        message = queries.message_for(self.who(number), self.message(number).pk)
        return actions.react_as(message, by=self.who(number), emoji=("👍", None)[number % 2])

    def arrive(self, number: int) -> object:
        return actions.record_arrival([self.message(number).pk], by=self.who(number))

    def read(self, number: int) -> object:
        chat = self.chat(number // 3)
        return actions.read_conversation(chat, by=self.who(number))

    def join(self, number: int) -> object:
        return actions.join_group(self.chat(number, kind=ConversationKind.GROUP), by=self.who(number))

    def leave(self, number: int) -> object:
        return actions.leave_group(self.chat(number, kind=ConversationKind.GROUP), by=self.who(number))

    def invite(self, number: int) -> object:
        group = self.chat(number, kind=ConversationKind.GROUP)
        return actions.invite(group, by=self.who(number), people=[self.other(number)])

    def remove(self, number: int) -> object:
        group = self.chat(number, kind=ConversationKind.GROUP)
        return actions.remove_member(group, by=self.who(number), user_id=self.other(number).pk)

    def promote(self, number: int) -> object:
        group, role = self.chat(number, kind=ConversationKind.GROUP), list(GroupRole)[number % 3]
        return actions.change_role(group, by=self.who(number), user_id=self.other(number).pk, role=role)

    def rename(self, number: int) -> object:
        group = self.chat(number, kind=ConversationKind.GROUP)
        return actions.update_group(group, by=self.who(number), title=f"N{number}")


DEEDS = (
    *("direct", "create", "say", "edit", "delete", "recall", "react", "arrive", "read"),
    *("join", "leave", "invite", "remove", "promote", "rename"),
)
STEPS = st.lists(
    st.tuples(st.sampled_from([*DEEDS, "say", "say", "say", "go_away", "come_back"]), st.integers(0, 199)),
    min_size=10,
    max_size=30,
)


class Clients:
    """caio's: one screen that never leaves, and one that comes and goes."""

    def __init__(self, user: User) -> None:
        self.user, self.rooms = user, set(own_rooms(user, []))
        self.faithful, self.absent = ChatScreen(user), ChatScreen(user)
        self.is_away = False

    def tell(self) -> None:
        """As the hub does: doors move with the events."""
        for event in log.since(self.faithful.seen):
            door = door_of(event)
            concerns = door is not None and not self.rooms.isdisjoint(door.people)
            if door and concerns and door.opens:
                self.rooms |= set(door.rooms)
            if not self.rooms.isdisjoint(event.audience):
                frame = {"seq": event.seq, **json.loads(told(event).text)}
                for screen in (self.faithful,) if self.is_away else (self.faithful, self.absent):
                    screen.hear([frame])
            if door and concerns and not door.opens:
                self.rooms -= set(door.rooms)
            self.faithful.seen = event.seq
            if not self.is_away:
                self.absent.seen = event.seq

    def go_away(self, _number: int = 0) -> None:
        self.is_away = True

    def come_back(self, _number: int = 0) -> None:
        self.is_away = False
        page = events_since(self.absent.seen, own_rooms(self.user, []))
        assert isinstance(page, Missed)
        found: list[dict[str, Any]] = json.loads(msgspec.json.encode(page.events))
        self.absent.hear(found)
        self.absent.seen = page.seq


def _try(deed: Callable[[int], object], number: int) -> None:
    try:
        deed(number)
    except (DomainError, LookupError):  # what is not possible now does not happen
        return


def test_whoever_was_away_ends_with_the_same_chats(in_acme: Company) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def converge(steps: list[tuple[str, int]]) -> None:
        with transaction.atomic():
            office, clients = Office(in_acme), Clients(in_acme.caio)
            office.direct(3)
            clients.tell()
            for name, number in steps:
                _try(getattr(clients if name in {"go_away", "come_back"} else office, name), number)
                clients.tell()
            clients.come_back()
            fresh = ChatScreen(in_acme.caio)
            fresh.load(log.newest_seq())
            assert clients.absent.shows() == clients.faithful.shows()
            assert clients.faithful.shows() == fresh.shows()
            transaction.set_rollback(True)

    converge()
