"""What the board's templates say that Django's cannot."""

from django import template
from django.utils.translation import gettext as _

from kanban import ranks
from kanban.queries import COUNT_CAP, Lane, is_capped

register = template.Library()
register.filter("rank", ranks.written)


def _number(count: int) -> str:
    return f"{COUNT_CAP - 1}+" if is_capped(count) else str(count)


@register.simple_tag
def card_count(lane: Lane, view: str) -> str:
    """`43`, `12/10` under a limit, or `7 of 43` when the view hides some."""
    if view != "all":
        return _("%(shown)s of %(total)s") % {"shown": _number(lane.shown), "total": _number(lane.total)}
    limit = lane.column.wip_limit
    return f"{_number(lane.total)}/{limit}" if limit else _number(lane.total)
