"""Cards as they are pushed."""

from decimal import Decimal

from conversations.models import Conversation
from kanban.fragments import cards
from tests.cast import Company


def test_page_and_push_name_the_rank_with_all_its_digits(in_acme: Company) -> None:
    """Two that a float could not tell apart are two places."""
    ranks = [Decimal("-1795318674256.652"), Decimal("-1795318674256.65200000000000000001")]
    rows = [Conversation.objects.create(column=in_acme.columns[place], rank=rank) for place, rank in enumerate(ranks)]
    upper, lower = cards(row.pk for row in rows)
    assert upper.rank != lower.rank
    for card in (upper, lower):
        assert f'data-rank="{card.rank}"' in card.html
