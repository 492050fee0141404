"""Primary keys are made in Python: a row and the rows that point at it are inserted without reading ids back."""

import uuid

from uuid_utils import compat


def uuid7() -> uuid.UUID:
    """A UUID that sorts by the time it was made; within one process each is greater than the one before."""
    return compat.uuid7()
