"""Where a new conversation stands on the board. The board is above this app, so it is asked through a setting."""

import time
from decimal import Decimal
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class Placement(Protocol):
    """Names the column that takes new conversations of the current tenant, or None without a board."""

    def __call__(self) -> UUID | None: ...


@cache
def _placement() -> Placement:
    found: Placement = import_string(settings.CONVERSATION_PLACEMENT)
    return found


def newcomers_column_id() -> UUID | None:
    """The column for new conversations."""
    return _placement()()


def top_rank() -> Decimal:
    """A rank above every card that came or was moved before: the clock, counted downwards, in milliseconds."""
    return Decimal(-time.time_ns() // 1000) / 1000
