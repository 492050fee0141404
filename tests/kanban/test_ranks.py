"""The arithmetic of places."""

from decimal import Decimal

from hypothesis import given
from hypothesis.strategies import lists, sampled_from

from kanban import ranks


def test_top_is_above_everything() -> None:
    first = Decimal(-99999999999999)
    assert ranks.above(first) < first
    assert ranks.above(None) < 0


def test_between_lies_between_until_there_is_no_room() -> None:
    upper, lower = Decimal(1), Decimal(2)
    halvings = 0
    while (middle := ranks.between(upper, lower)) is not None:
        assert upper < middle < lower
        lower, halvings = middle, halvings + 1
    assert halvings > 60
    assert ranks.between(upper, upper) is None


@given(lists(sampled_from(["up", "down"]), max_size=60))
def test_halving_a_real_gap_keeps_the_order(turns: list[str]) -> None:
    """Ranks of newcomers are milliseconds with fractions: the widest numbers there are."""
    upper, lower = Decimal("-1795317764655.155"), Decimal("-1795317764100.002")
    for turn in turns:
        middle = ranks.between(upper, lower)
        if middle is None:
            return
        assert upper < middle < lower
        upper, lower = (middle, lower) if turn == "up" else (upper, middle)
