"""Many hands on one column."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from conversations.errors import Conflict
from conversations.models import Conversation
from kanban.actions import move_card
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.customers import writes

HANDS = 8


@pytest.mark.django_db(transaction=True)
def test_everybody_moves_under_the_same_card_and_no_two_share_a_place(acme: Company) -> None:
    top = writes(acme, "Top")
    cards = [writes(acme, f"Card {number}") for number in range(HANDS)]

    def hand(card: Conversation) -> None:
        try:
            with tenant_scope(acme.tenant):
                move_card(card, by=acme.ana, column_id=acme.columns[0].pk, after_id=top.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(hand, cards))
    with tenant_scope(acme.tenant):
        ranks = list(Conversation.objects.filter(column=acme.columns[0]).values_list("rank", flat=True))
    assert len(set(ranks)) == HANDS + 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_the_same_version_one_wins(acme: Company) -> None:
    card = writes(acme)

    def hand(column: int) -> bool:
        try:
            with tenant_scope(acme.tenant):
                move_card(card, by=acme.ana, column_id=acme.columns[column].pk, version=card.version)
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(hand, [1, 2])) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_crowded_column_is_ranked_anew_by_many_at_once_without_dead_lock(acme: Company) -> None:
    cards = [writes(acme, f"Card {number}") for number in range(HANDS)]
    with tenant_scope(acme.tenant):
        Conversation.objects.update(rank=1)

    def hand(number: int) -> None:
        try:
            with tenant_scope(acme.tenant):
                move_card(
                    cards[number], by=acme.ana, column_id=acme.columns[0].pk, after_id=cards[(number + 3) % HANDS].pk
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(hand, range(HANDS)))
    with tenant_scope(acme.tenant):
        assert Conversation.objects.filter(column=acme.columns[0]).count() == HANDS
