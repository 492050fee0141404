"""Cards that move: where they land, what they become, who may be in the way."""

from decimal import Decimal

import pytest

from conversations.actions import update_conversation
from conversations.errors import BadRequest, Conflict, NotFound
from conversations.models import Conversation
from conversations.statuses import ConversationStatus
from events.models import Event
from events.objects import ConversationObject
from kanban.actions import create_default_board, move_card
from kanban.placement import first_column_id
from tests.cast import Company
from tests.customers import writes

NEW, WORKING, WAITING, DONE = range(4)


def order(company: Company, column: int) -> list[str]:
    cards = Conversation.objects.filter(column=company.columns[column]).order_by("rank", "id")
    return [card.display_title for card in cards.select_related("contact")]


@pytest.fixture
def cards(in_acme: Company) -> dict[str, Conversation]:
    """A, B, C, D in the second column, in this order."""
    made = {name: writes(in_acme, name) for name in "DCBA"}
    for name in "DCBA":
        move_card(made[name], by=in_acme.ana, column_id=in_acme.columns[WORKING].pk)
    assert order(in_acme, WORKING) == list("ABCD")
    return made


def move(
    company: Company,
    card: Conversation,
    column: int = WORKING,
    *,
    after: Conversation | None = None,
    before: Conversation | None = None,
) -> Conversation:
    return move_card(
        card,
        by=company.ana,
        column_id=company.columns[column].pk,
        after_id=after.pk if after else None,
        before_id=before.pk if before else None,
    )


def test_newcomers_stand_on_top_of_the_first_column(in_acme: Company) -> None:
    for name in "ABC":
        writes(in_acme, name)
    assert order(in_acme, NEW) == list("CBA")
    assert first_column_id() == in_acme.columns[NEW].pk


def test_newcomers_stand_over_cards_that_were_moved_to_the_top(
    in_acme: Company, cards: dict[str, Conversation]
) -> None:
    move(in_acme, cards["D"], NEW)
    writes(in_acme, "E")
    assert order(in_acme, NEW) == ["E", "D"]


def test_card_lands_under_one_neighbour_or_over_the_other(in_acme: Company, cards: dict[str, Conversation]) -> None:
    move(in_acme, cards["D"], after=cards["A"])
    assert order(in_acme, WORKING) == list("ADBC")
    move(in_acme, cards["A"], before=cards["C"])
    assert order(in_acme, WORKING) == list("DBAC")
    move(in_acme, cards["C"], before=cards["D"])
    assert order(in_acme, WORKING) == list("CDBA")
    move(in_acme, cards["C"], after=cards["A"])
    assert order(in_acme, WORKING) == list("DBAC")


def test_neighbours_that_left_are_no_error(in_acme: Company, cards: dict[str, Conversation]) -> None:
    move(in_acme, cards["B"], WAITING)
    move(in_acme, cards["D"], after=cards["B"], before=cards["C"])
    assert order(in_acme, WORKING) == list("ADC")
    move(in_acme, cards["C"], after=cards["B"])
    assert order(in_acme, WORKING) == list("CAD")


def test_column_sets_the_status(in_acme: Company, cards: dict[str, Conversation]) -> None:
    assert move(in_acme, cards["A"], WAITING).status == ConversationStatus.PENDING
    assert move(in_acme, cards["A"], DONE).status == ConversationStatus.RESOLVED
    assert move(in_acme, cards["A"], NEW).status == ConversationStatus.OPEN


def test_card_cannot_be_reopened_beside_its_customers_open_one(in_acme: Company) -> None:
    first = move(in_acme, writes(in_acme, "Marta"), DONE)
    writes(in_acme, "Marta", "Mais uma coisa")
    with pytest.raises(Conflict):
        move(in_acme, first, NEW)
    assert order(in_acme, DONE) == ["Marta"]


def test_card_that_changed_since_is_a_conflict_that_carries_it(
    in_acme: Company, cards: dict[str, Conversation]
) -> None:
    before = cards["A"].version
    update_conversation(cards["A"], by=in_acme.ana, priority=2)
    with pytest.raises(Conflict) as raised:
        move_card(cards["A"], by=in_acme.ana, column_id=in_acme.columns[WAITING].pk, version=before)
    assert isinstance(raised.value.current, ConversationObject)
    assert raised.value.current.priority == 2


def test_crowded_place_is_ranked_anew_and_said(in_acme: Company, cards: dict[str, Conversation]) -> None:
    rank = Decimal(7)
    Conversation.objects.filter(pk__in=[cards["A"].pk, cards["B"].pk, cards["C"].pk]).update(rank=rank)
    tied = [name for name in order(in_acme, WORKING) if name != "D"]
    seen = Event.objects.count()
    move(in_acme, cards["D"], after=cards[tied[0]])
    assert order(in_acme, WORKING) == [tied[0], "D", *tied[1:]]
    assert Event.objects.count() - seen >= 3


def test_move_says_so_once_and_nothing_when_nothing_changes(in_acme: Company, cards: dict[str, Conversation]) -> None:
    seen = Event.objects.count()
    moved = move(in_acme, cards["A"], WAITING)
    event = Event.objects.latest("seq")
    assert Event.objects.count() == seen + 1
    assert event.type == "conversation:updated"
    assert f'"version":{moved.version}' in event.data


def test_wrong_places_are_refused(globex: Company, in_acme: Company, cards: dict[str, Conversation]) -> None:
    with pytest.raises(NotFound):
        move_card(cards["A"], by=in_acme.ana, column_id=globex.columns[NEW].pk)
    with pytest.raises(BadRequest):
        move(in_acme, cards["A"], after=cards["A"])


def test_default_board_speaks_the_tenants_language(in_acme: Company) -> None:
    for language, names in {
        "pt-br": ["Novas", "Em atendimento", "Aguardando cliente", "Concluídas"],
        "en": ["New", "In progress", "Waiting for customer", "Done"],
    }.items():
        in_acme.tenant.language = language
        in_acme.tenant.name = language
        in_acme.tenant.save(update_fields=["language", "name"])
        in_acme.columns[0].board.__class__.objects.filter(name__in=["Atendimento", "Customer service"]).update(
            name=f"x{language}"
        )
        board = create_default_board()
        assert [column.name for column in board.columns.all()] == names
        assert [column.sets_status for column in board.columns.all()] == ["OPEN", "OPEN", "PENDING", "RESOLVED"]
