"""Chats begin, people come and go, and each may do what their role allows."""

from collections.abc import Callable
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from conversations import actions, queries
from conversations.errors import BadRequest, Conflict, DomainError, Forbidden, NotFound
from conversations.models import Conversation, Message, Participant
from conversations.serializers import conversation_object, message_object
from conversations.statuses import ConversationKind, GroupRole, MessageType
from events.models import Event
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.conversations.chats import direct, group, say
from tests.together import together


def role_of(chat: Conversation, user: User) -> str:
    return Participant.objects.get(conversation=chat, user=user, left_at=None).role


def test_direct_conversation_is_one_whoever_opens_it(in_acme: Company) -> None:
    opened = direct(in_acme, "ana", "caio")
    assert direct(in_acme, "caio", "ana").pk == opened.pk
    seen = conversation_object(opened)
    assert (seen.kind, seen.title, seen.participant_count, seen.unread_count) == ("DIRECT", "", 2, 0)
    assert {each.user.name for each in seen.participants} == {"Ana", "Caio"}


def test_direct_conversation_with_oneself_is_refused(in_acme: Company) -> None:
    with pytest.raises(BadRequest):
        direct(in_acme, "ana", "ana")


@pytest.mark.django_db(transaction=True)
def test_direct_conversation_opened_by_both_at_once_is_one(acme: Company) -> None:
    def open_it(place: int) -> None:
        with tenant_scope(acme.tenant):
            direct(acme, *(("ana", "caio") if place % 2 else ("caio", "ana")))

    together(open_it, 6)
    with tenant_scope(acme.tenant):
        assert Conversation.objects.filter(kind=ConversationKind.DIRECT).count() == 1
        assert Participant.objects.count() == 2
        assert Event.objects.filter(type="conversation:new").count() == 1


def test_group_begins_with_its_founder_as_administrator(in_acme: Company) -> None:
    made = group(in_acme, "ana", "caio", "sofia")
    assert [role_of(made, in_acme.people[name]) for name in ("ana", "caio", "sofia")] == ["ADMIN", "MEMBER", "MEMBER"]
    notice = Message.objects.get()
    assert (notice.type, notice.content) == (MessageType.ACTIVITY, "Ana criou o grupo.")
    created = Event.objects.get(type="group:created")
    assert created.audience == [f"members:{made.pk}"]


@pytest.mark.parametrize("title", ["", "  ", "x" * 121])
def test_group_needs_a_title_of_good_length(in_acme: Company, title: str) -> None:
    with pytest.raises(BadRequest) as refused:
        actions.create_group(by=in_acme.ana, title=title)
    assert "title" in refused.value.fields


# Who may do what. caio is what the row says; ana is the administrator, sofia a member; bruno comes from outside.
def _rename(chat: Conversation, company: Company) -> object:
    return actions.update_group(chat, by=company.caio, title="Outro nome")


def _open(chat: Conversation, company: Company) -> object:
    return actions.update_group(chat, by=company.caio, is_open=True)


def _invite(chat: Conversation, company: Company) -> object:
    return actions.invite(chat, by=company.caio, people=[company.bruno])


def _remove_member(chat: Conversation, company: Company) -> object:
    return actions.remove_member(chat, by=company.caio, user_id=company.sofia.pk)


def _remove_admin(chat: Conversation, company: Company) -> object:
    return actions.remove_member(chat, by=company.caio, user_id=company.ana.pk)


def _promote(chat: Conversation, company: Company) -> object:
    return actions.change_role(chat, by=company.caio, user_id=company.sofia.pk, role=GroupRole.MODERATOR)


def _delete_others(chat: Conversation, company: Company) -> object:
    return actions.delete_for_everyone(say(chat, company.sofia), by=company.caio)


def _edit_others(chat: Conversation, company: Company) -> object:
    return actions.rewrite_message(say(chat, company.sofia), by=company.caio, content="não disse isso")


def _recall_others(chat: Conversation, company: Company) -> object:
    return actions.recall_message(say(chat, company.sofia), by=company.caio)


def _write(chat: Conversation, company: Company) -> object:
    return say(chat, company.caio)


def _leave(chat: Conversation, company: Company) -> object:
    return actions.leave_group(chat, by=company.caio)


@pytest.mark.parametrize(
    ("deed", "allowed"),
    [
        (_rename, {"ADMIN", "MODERATOR"}),
        (_open, {"ADMIN", "MODERATOR"}),
        (_invite, {"ADMIN", "MODERATOR"}),
        (_remove_member, {"ADMIN", "MODERATOR"}),
        (_remove_admin, {"ADMIN"}),
        (_promote, {"ADMIN"}),
        (_delete_others, {"ADMIN", "MODERATOR"}),
        (_edit_others, set()),
        (_recall_others, set()),
        (_write, {"ADMIN", "MODERATOR", "MEMBER"}),
        (_leave, {"ADMIN", "MODERATOR", "MEMBER"}),
    ],
)
@pytest.mark.parametrize("role", GroupRole.values)
def test_role_allows_what_the_table_says(
    in_acme: Company, deed: Callable[[Conversation, Company], object], allowed: set[str], role: str
) -> None:
    chat = group(in_acme, "ana", "caio", "sofia")
    Participant.objects.filter(conversation=chat, user=in_acme.caio).update(role=role)
    if role in allowed:
        deed(chat, in_acme)
    else:
        with pytest.raises(Forbidden):
            deed(chat, in_acme)


@pytest.mark.parametrize(
    "deed",
    [_rename, _invite, _remove_member, _promote, _delete_others, _write, _leave],
)
def test_whoever_is_not_in_a_group_finds_nothing_to_do(
    in_acme: Company, deed: Callable[[Conversation, Company], object]
) -> None:
    chat = group(in_acme, "ana", "caio", "sofia")
    actions.leave_group(chat, by=in_acme.caio)
    with pytest.raises(NotFound):
        deed(chat, in_acme)


def test_open_group_is_joined_and_a_closed_one_is_not_found(in_acme: Company) -> None:
    closed, opened = group(in_acme, "ana"), group(in_acme, "ana", is_open=True)
    with pytest.raises(NotFound):
        queries.joinable_group(in_acme.caio, closed.pk)
    with pytest.raises(NotFound):
        actions.join_group(closed, by=in_acme.caio)
    found = queries.joinable_group(in_acme.caio, opened.pk)
    for _ in range(2):
        assert actions.join_group(found, by=in_acme.caio).member_count == 2
    assert Event.objects.filter(type="group:joined").count() == 1
    assert [each.is_member for each in queries.groups(in_acme.caio)] == [True]


def test_who_is_in_a_group_is_not_invited_twice(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio")
    actions.invite(chat, by=in_acme.ana, people=[in_acme.caio, in_acme.sofia, in_acme.sofia])
    joined = Event.objects.get(type="group:joined")
    assert str(in_acme.sofia.pk) in joined.data
    assert Message.objects.latest("said_at").content == "Ana adicionou Sofia."
    assert Conversation.objects.get().member_count == 3


def test_last_administrator_hands_over_to_whoever_ranks_next(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio", "sofia")
    actions.change_role(chat, by=in_acme.ana, user_id=in_acme.sofia.pk, role=GroupRole.MODERATOR)
    with pytest.raises(Conflict):
        actions.change_role(chat, by=in_acme.ana, user_id=in_acme.ana.pk, role=GroupRole.MEMBER)
    actions.leave_group(chat, by=in_acme.ana)
    assert role_of(chat, in_acme.sofia) == GroupRole.ADMIN
    actions.leave_group(chat, by=in_acme.sofia)
    assert role_of(chat, in_acme.caio) == GroupRole.ADMIN
    actions.leave_group(chat, by=in_acme.caio)
    assert Conversation.objects.get().member_count == 0


def test_who_comes_back_begins_anew(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio")
    say(chat, in_acme.ana)
    actions.leave_group(chat, by=in_acme.caio)
    say(chat, in_acme.ana)
    back = actions.invite(chat, by=in_acme.ana, people=[in_acme.caio])
    assert back.member_count == 2
    seen = conversation_object(queries.conversation_for(in_acme.caio, chat.pk))
    assert (seen.unread_count, seen.message_count) == (0, 2)


def test_members_of_a_large_group_are_paged_not_listed(in_acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LISTED", 2)
    chat = group(in_acme, "ana", "caio", "sofia")
    seen = conversation_object(queries.conversation_for(in_acme.ana, chat.pk))
    assert (seen.participants, seen.participant_count) == ([], 3)
    first = queries.member_page(chat, cursor=None, limit=2)
    assert first.cursor
    rest = queries.member_page(chat, cursor=UUID(first.cursor), limit=2)
    assert [str(seat.user) for seat in (*first.items, *rest.items)] == ["Ana", "Caio", "Sofia"]
    assert rest.cursor is None


def test_who_comes_back_is_listed_last(in_acme: Company) -> None:
    chat = group(in_acme, "ana", "caio", "sofia")
    actions.leave_group(chat, by=in_acme.caio)
    actions.invite(chat, by=in_acme.ana, people=[in_acme.caio])
    first = queries.member_page(chat, cursor=None, limit=2)
    assert first.cursor
    rest = queries.member_page(chat, cursor=UUID(first.cursor), limit=2)
    assert [str(seat.user) for seat in (*first.items, *rest.items)] == ["Ana", "Sofia", "Caio"]


def test_chats_are_seen_by_their_members_only(in_acme: Company) -> None:
    chat, spoken = direct(in_acme), None
    spoken = say(chat, in_acme.ana, "segredo")
    for outsider in (in_acme.bruno, in_acme.sofia):
        with pytest.raises(NotFound):
            queries.conversation_for(outsider, chat.pk)
        with pytest.raises(NotFound):
            queries.message_for(outsider, spoken.pk)
        with pytest.raises(NotFound):
            queries.joinable_group(outsider, chat.pk)
        assert not queries.conversation_page(outsider, view="chats").items
        assert not queries.found_messages(outsider, "segredo").items
        with pytest.raises(NotFound):
            queries.found_messages(outsider, "segredo", conversation_id=chat.pk)
        assert not queries.recent_colleagues(outsider)
    assert queries.found_messages(in_acme.caio, "SEGREDO").items == [spoken]


@pytest.mark.parametrize("view", ["all", "open", "mine", "unassigned"])
def test_lists_of_customers_hold_no_chats(in_acme: Company, view: str) -> None:
    say(direct(in_acme), in_acme.ana)
    group(in_acme)
    assert not queries.conversation_page(in_acme.ana, view=view).items
    assert len(queries.conversation_page(in_acme.ana, view="chats").items) == 2


def test_chats_are_no_cards(in_acme: Company) -> None:
    chat = direct(in_acme)
    with pytest.raises(NotFound):
        queries.customer_conversation_for(in_acme.ana, chat.pk)


def test_recent_colleagues_are_those_one_talked_to_last(in_acme: Company) -> None:
    say(direct(in_acme, "ana", "caio"), in_acme.ana)
    say(direct(in_acme, "sofia", "ana"), in_acme.sofia)
    direct(in_acme, "ana", "bruno")  # nothing was said
    assert [str(user) for user in queries.recent_colleagues(in_acme.ana)] == ["Sofia", "Caio"]


@pytest.mark.parametrize("chats", [1, 3])
def test_list_of_chats_takes_as_many_queries_for_three_as_for_one(
    in_acme: Company, chats: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(chats):
        say(group(in_acme), in_acme.ana)
    with django_assert_num_queries(4):
        page = queries.conversation_page(in_acme.ana, view="chats")
        assert len([conversation_object(row) for row in page.items]) == chats


@pytest.mark.parametrize("said", [1, 3])
def test_thread_of_a_chat_takes_as_many_queries_for_three_as_for_one(
    in_acme: Company, said: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chat = group(in_acme)
    for _ in range(said):
        actions.react_as(say(chat, in_acme.ana), by=in_acme.caio, emoji="👍")
    with django_assert_num_queries(3):
        page = queries.message_page(chat)
        assert len([message_object(row) for row in page.items]) == said + 1


def test_no_event_of_a_chat_is_for_the_tenant(in_acme: Company) -> None:
    """Whatever is done in a chat, only rooms of its members hear it; the list of deeds is every action there is."""
    chat, two = group(in_acme, "ana", "caio", "sofia"), direct(in_acme)
    first = say(chat, in_acme.ana, "um", mention_ids=(in_acme.caio.pk,))
    second = say(chat, in_acme.caio, "dois", reply_to_id=first.pk)
    actions.rewrite_message(first, by=in_acme.ana, content="outro")
    actions.react_as(first, by=in_acme.caio, emoji="👍")
    actions.record_arrival([second.pk], by=in_acme.sofia)
    actions.read_conversation(chat, by=in_acme.sofia)
    actions.recall_message(second, by=in_acme.caio)
    actions.delete_for_everyone(first, by=in_acme.ana)
    actions.update_group(chat, by=in_acme.ana, title="Novo", is_open=True)
    actions.invite(chat, by=in_acme.ana, people=[in_acme.bruno])
    actions.change_role(chat, by=in_acme.ana, user_id=in_acme.caio.pk, role=GroupRole.ADMIN)
    actions.remove_member(chat, by=in_acme.ana, user_id=in_acme.bruno.pk)
    actions.join_group(chat, by=in_acme.bruno)
    actions.leave_group(chat, by=in_acme.ana)
    say(two, in_acme.ana)
    people = (in_acme.ana, in_acme.bruno, in_acme.caio)  # who left, was removed, was mentioned and written to
    rooms = {f"members:{chat.pk}", f"members:{two.pk}", *(f"user:{user.pk}" for user in people)}
    told = {event.type for event in Event.objects.all()}
    assert {room for event in Event.objects.all() for room in event.audience} == rooms
    assert told >= {"group:created", "group:joined", "group:left", "group:updated", "message:read", "message:delivered"}


def test_domain_errors_name_what_is_wrong(in_acme: Company) -> None:
    chat = direct(in_acme)
    with pytest.raises(DomainError) as refused:
        say(chat, in_acme.ana, mention_ids=(in_acme.sofia.pk,))
    assert "mentionIds" in refused.value.fields
    with pytest.raises(NotFound):
        actions.invite(chat, by=in_acme.ana, people=[in_acme.sofia])
