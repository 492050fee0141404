"""Agents who press Enter at the same moment: of those who have seen the same, one answers the customer."""

import pytest

from conversations import actions
from conversations.errors import Conflict
from conversations.models import Message
from conversations.statuses import Direction
from events import log
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.customers import writes
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
ROUNDS = 5


def test_one_of_four_agents_who_saw_the_same_answers(acme: Company) -> None:
    conversation = writes(acme, "Marta")
    people = list(acme.people.values())
    for round_ in range(1, ROUNDS + 1):
        with tenant_scope(acme.tenant):
            seen = log.newest_seq()
        refused: list[str] = []

        def answer(place: int, seen: int = seen, refused: list[str] = refused) -> None:
            with tenant_scope(acme.tenant):
                try:
                    actions.write_message(conversation, by=people[place], content="Oi!", last_seen_seq=seen)
                except Conflict:
                    refused.append(people[place].name)

        together(answer, len(people))
        with tenant_scope(acme.tenant):
            assert Message.objects.filter(direction=Direction.OUTBOUND).count() == round_
        assert len(refused) == len(people) - 1
