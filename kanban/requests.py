"""What clients ask of a board, over the socket and REST alike."""

from typing import Any
from uuid import UUID

from msgspec import Struct


class CardMove(Struct, rename="camel", kw_only=True):
    """Below `afterId`, else above `beforeId`, else on top of the column."""

    column_id: UUID
    after_id: UUID | None = None
    before_id: UUID | None = None
    version: int | None = None

    def place(self) -> dict[str, Any]:
        """As `actions.move_card` takes it."""
        return {
            "column_id": self.column_id,
            "after_id": self.after_id,
            "before_id": self.before_id,
            "version": self.version,
        }
