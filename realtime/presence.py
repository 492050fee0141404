"""Who is there: what people chose beside what was measured, and who looks at which conversation.

Everything here runs in a thread, in the scope of a tenant.
"""

import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from operator import attrgetter
from typing import TypeAlias
from uuid import UUID

import msgspec
from redis.exceptions import RedisError

from accounts.actions import choose_availability, record_seen
from accounts.models import Availability, User
from accounts.queries import Colleague, colleagues_among
from conversations.models import Conversation
from conversations.queries import chat_ids
from conversations.serializers import exact_moment
from events.objects import PresenceObject, Ref
from realtime import roster
from realtime.broadcast import pass_on
from realtime.ephemeral import ConversationViewers, PresenceChanged
from realtime.rooms import VIEWED, TenantRoom, earshot
from realtime.roster import Change, Mark, Standing
from tenancy.scope import current_tenant_id

PER_EVENT = 200
"""People in one `presence:changed`: some 30 KB."""

REMEMBER_SECONDS = 2.0
TOLD = frozenset({PresenceChanged.type, ConversationViewers.type})
"""The events after which a picture is not true any more."""

EVERYBODY = TenantRoom().name
_encode = msgspec.json.Encoder().encode

Viewers: TypeAlias = dict[UUID, list[Ref]]
"""Who looks at which conversation."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Who was where at a moment. The same `present` has the same `stamp`; `hidden` are the conversations that not
    everybody may see.
    """

    marks: Mapping[UUID, Mark]
    present: list[PresenceObject]
    stamp: str
    viewers: Viewers
    hidden: frozenset[UUID]


_pictures: dict[UUID, tuple[float, Picture]] = {}  # until when, what
_changes: Counter[UUID] = Counter()
_looking = threading.Lock()


def presence_object(user: User | Colleague, mark: Mark | None) -> PresenceObject:
    """How somebody's presence is shown; `mark` None: they are not connected."""
    return PresenceObject(
        user_id=str(user.id),
        status=_status(Availability(user.availability), mark),
        availability=user.availability,
        connected=mark is not None,
        idle=mark is Mark.IDLE,
        last_seen_at=exact_moment(user.last_seen_at) if user.last_seen_at and mark is None else None,
    )


def _status(chosen: Availability, mark: Mark | None) -> str:
    if mark is None:
        return Availability.OFFLINE.value
    return Availability.AWAY.value if mark is Mark.IDLE and chosen is Availability.ONLINE else chosen.value


# What is asked


def present() -> tuple[list[PresenceObject], str]:
    """Everybody who is connected, and the stamp by which one knows whether that is still so."""
    picture = _picture()
    return picture.present, picture.stamp


def presences(user_ids: Iterable[UUID]) -> list[PresenceObject]:
    """These colleagues, connected or not; ids of nobody are left out."""
    here = _picture().marks
    return [presence_object(user, here.get(user.id)) for user in colleagues_among(user_ids)]


def viewed(user: User) -> Viewers:
    """Who looks at which of the conversations that `user` may see."""
    picture = _picture()
    if not picture.hidden:
        return picture.viewers
    shut = picture.hidden.difference(chat_ids(user).filter(conversation__in=picture.hidden))
    return {pk: refs for pk, refs in picture.viewers.items() if pk not in shut}


def _picture() -> Picture:
    """Two thousand pages that come back together ask for the same one: one thread looks, the others wait for it."""
    tenant_id = current_tenant_id()
    with _looking:
        until, found = _pictures.get(tenant_id, (0.0, None))
        if found is None or until <= time.monotonic():
            changes = _changes[tenant_id]
            found = _look()
            if _changes[tenant_id] == changes:  # else somebody came or went while we looked
                _pictures[tenant_id] = (time.monotonic() + REMEMBER_SECONDS, found)
        return found


def forget_picture(tenant_id: UUID) -> None:
    """Somebody came or went."""
    _changes[tenant_id] += 1
    _pictures.pop(tenant_id, None)


def _look() -> Picture:
    standing = _standing()
    marks = standing.get(EVERYBODY, {})
    people = colleagues_among({user_id for room in standing.values() for user_id in room})
    present = [presence_object(each, marks[each.id]) for each in people if each.id in marks]
    viewers = _viewers(standing, people)
    return Picture(marks, present, blake2b(_encode(present), digest_size=8).hexdigest(), viewers, _hidden(viewers))


def _standing() -> Standing:
    try:
        return roster.standing(current_tenant_id())
    except RedisError:  # nobody can know
        return {}


def _viewers(standing: Standing, people: Iterable[Colleague]) -> Viewers:
    """Whoever has a conversation open and does something; in the order of their names."""
    refs = {each.id: Ref(id=str(each.id), name=each.name, kind="user") for each in people}
    found: Viewers = {}
    for conversation_id, room in _conversations(standing).items():
        looking = [refs[user_id] for user_id, mark in standing[room].items() if mark is Mark.ACTIVE and user_id in refs]
        if looking:
            found[conversation_id] = sorted(looking, key=attrgetter("name", "id"))
    return found


def _hidden(conversation_ids: Collection[UUID]) -> frozenset[UUID]:
    rows = Conversation.objects.filter(pk__in=conversation_ids).only("pk", "kind")
    return frozenset(conversation_ids).difference(row.pk for row in rows if earshot(row) == (EVERYBODY,))


def _conversations(rooms: Iterable[str]) -> dict[UUID, str]:
    return {UUID(room.removeprefix(VIEWED)): room for room in rooms if room.startswith(VIEWED)}


# What is told


def choose(user: User, availability: Availability) -> PresenceObject:
    """Keep what somebody says of themselves, and tell the others if it is something else than before.

    Whoever says it is connected, though the roster may not know yet.
    """
    is_new = choose_availability(user, availability=availability)
    found = presence_object(user, _picture().marks.get(user.pk, Mark.ACTIVE))
    if is_new:
        pass_on(current_tenant_id(), [EVERYBODY], PresenceChanged(presences=[found]))
    return found


def tell(changes: Sequence[Change]) -> None:
    """Tell everybody whom it concerns who stands differently now."""
    people = {change.user_id: change for change in changes if change.room == EVERYBODY}
    record_seen({user_id: change.seen_at for user_id, change in people.items() if change.mark is None})
    _tell_presences({user_id: change.mark for user_id, change in people.items()})
    _tell_viewers(_conversations({change.room for change in changes}))


def _tell_presences(marks: Mapping[UUID, Mark | None]) -> None:
    people = colleagues_among(marks) if marks else []
    objects = [presence_object(each, marks[each.id]) for each in people]
    for start in range(0, len(objects), PER_EVENT):
        pass_on(current_tenant_id(), [EVERYBODY], PresenceChanged(presences=objects[start : start + PER_EVENT]))


def _tell_viewers(rooms: Collection[UUID]) -> None:
    if not rooms:
        return
    now = _look()
    for conversation in Conversation.objects.filter(pk__in=rooms).only("pk", "kind"):
        looking = now.viewers.get(conversation.pk, [])
        event = ConversationViewers(conversation_id=str(conversation.pk), viewers=looking)
        pass_on(current_tenant_id(), earshot(conversation), event)
