"""Doors."""

from uuid import uuid4

import pytest

from conversations.errors import NotFound
from realtime.rooms import ConversationRoom, TenantRoom, UserRoom, enter, own_rooms
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.realtime.happenings import conversation_with


def test_rooms_are_named_as_events_name_their_audience(in_acme: Company) -> None:
    conversation = conversation_with(in_acme)
    ana = in_acme.ana
    assert enter(ana, ConversationRoom(conversation.pk)) == f"conversation:{conversation.pk}"
    assert own_rooms(ana) == {"tenant", f"user:{ana.pk}"}


def test_doors_stay_closed_to_those_outside(acme: Company, globex: Company) -> None:
    theirs = conversation_with(globex)
    with tenant_scope(acme.tenant):
        for room in (UserRoom(acme.caio.pk), ConversationRoom(theirs.pk), ConversationRoom(uuid4())):
            with pytest.raises(NotFound):
                enter(acme.ana, room)
        assert TenantRoom().admits(acme.ana)
