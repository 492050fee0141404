"""Doors."""

from uuid import uuid4

import pytest

from accounts.models import Membership, Team
from accounts.queries import team_ids
from conversations.errors import NotFound
from realtime.rooms import ConversationRoom, TeamRoom, TenantRoom, UserRoom, enter, open_to, own_rooms
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.realtime.happenings import conversation_with


def test_rooms_are_named_as_events_name_their_audience(in_acme: Company) -> None:
    conversation = conversation_with(in_acme)
    ana = in_acme.ana
    assert enter(ana, ConversationRoom(conversation.pk)) == f"conversation:{conversation.pk}"
    assert own_rooms(ana, []) == {"tenant", f"user:{ana.pk}"}


def test_team_room_is_for_its_members(in_acme: Company) -> None:
    team = Team.objects.create(name="Vendas")
    Membership.objects.create(team=team, user=in_acme.ana)
    assert own_rooms(in_acme.ana, team_ids(in_acme.ana)) >= {f"team:{team.pk}"}
    assert TeamRoom(team.pk).admits(in_acme.ana)
    assert not TeamRoom(team.pk).admits(in_acme.caio)


def test_rooms_that_are_still_open_are_told_from_those_that_closed(in_acme: Company) -> None:
    seen, gone = f"conversation:{conversation_with(in_acme).pk}", f"conversation:{uuid4()}"
    own = own_rooms(in_acme.ana, [])
    assert open_to(in_acme.ana, {*own, seen, gone, f"team:{uuid4()}"}) == {*own, seen}


def test_doors_stay_closed_to_those_outside(acme: Company, globex: Company) -> None:
    theirs = conversation_with(globex)
    with tenant_scope(acme.tenant):
        for room in (UserRoom(acme.caio.pk), ConversationRoom(theirs.pk), ConversationRoom(uuid4())):
            with pytest.raises(NotFound):
                enter(acme.ana, room)
        assert TenantRoom().admits(acme.ana)
