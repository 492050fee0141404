from itertools import pairwise

from tenancy.ids import uuid7


def test_uuid7_sorts_by_the_order_of_making() -> None:
    made = [uuid7() for _ in range(10_000)]

    assert all(earlier < later for earlier, later in pairwise(made))


def test_uuid7_is_version_7() -> None:
    assert uuid7().version == 7
