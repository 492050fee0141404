"""The order of the cards in a column: decimals, lowest on top, so that a move writes one row."""

from decimal import Decimal, localcontext

from conversations.placement import top_rank

DIGITS = 60  # of working precision; a rank has 20 before and 20 after the point
STEP = Decimal(1)
_FINEST = Decimal(1).scaleb(-20)


def above(first: Decimal | None) -> Decimal:
    """A rank for the top of a column whose first card has this rank (None: it is empty)."""
    newest = top_rank()
    return newest if first is None else min(newest, first - STEP)


def between(upper: Decimal, lower: Decimal | None) -> Decimal | None:
    """A rank under one card and over another (None: over nothing). None: there is no room left between them."""
    with localcontext(prec=DIGITS):
        if lower is None:
            return upper + STEP
        middle = ((upper + lower) / 2).quantize(_FINEST)
        return middle if upper < middle < lower else None


def written(rank: Decimal) -> str:
    """A rank with all its digits, for pages and cursors: formatted as a float it would be rounded."""
    return f"{rank:.20f}"
