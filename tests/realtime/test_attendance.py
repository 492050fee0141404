"""What this process writes into the roster of those who come and go."""

from uuid import UUID, uuid4

import pytest

from realtime import roster
from realtime.feed import Feed
from realtime.roster import Mark, member
from tests.realtime.test_fanout import Listener

ANA = uuid4()
HERE = member("tenant", ANA, Mark.ACTIVE, "p")


@pytest.fixture
async def feed() -> Feed:
    """With one socket of ana's."""
    found = Feed(uuid4(), 0, lambda _: None)
    found.add(socket_of(ANA), ["tenant"], known=0)
    assert found.attendance.signs("p") == {HERE: roster.ttl()}
    return found


def socket_of(user_id: UUID) -> Listener:
    made = Listener()
    made.user_id = user_id
    return made


async def test_whose_socket_broke_has_a_beat_to_come_back(feed: Feed) -> None:
    [lost] = feed.sinks
    feed.remove(lost)
    assert feed.attendance.signs("p") == {HERE: roster.beat()}
    feed.add(socket_of(ANA), ["tenant"], known=0)
    assert feed.attendance.signs("p") == {HERE: roster.ttl()}


async def test_who_leaves_on_purpose_has_gone_at_once(feed: Feed) -> None:
    [left] = feed.sinks
    feed.leave(left, "tenant")
    assert feed.attendance.signs("p") == {HERE: 0.0}


async def test_further_sockets_are_no_news(feed: Feed) -> None:
    feed.add(further := socket_of(ANA), ["tenant"], known=0)
    feed.attendance.signs("p")
    feed.remove(further)
    assert feed.attendance.signs("p") == {HERE: roster.ttl()}
