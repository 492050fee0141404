"""A signed-in connection, seen from inside its process."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async

from accounts.models import Role, User
from realtime import hub
from realtime.proofs import Token
from realtime.session import Session, sign_in
from tests.cast import Company
from tests.realtime.client import token
from tests.realtime.test_fanout import Listener

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def session(acme: Company) -> AsyncIterator[Session]:
    """Ana's."""
    found = await sign_in(hub.current(), Listener(), await proof(acme.ana), html=False, language="")
    yield found
    await found.vacate()
    await hub.current().stop()


async def proof(user: User) -> Token:
    return Token(await sync_to_async(token)(user))


async def test_role_that_changed_just_before_the_next_token_is_told_all_the_same(
    session: Session, acme: Company
) -> None:
    await User.objects.filter(pk=acme.ana.pk).aupdate(role=Role.SUPERVISOR)
    assert await session.renew(await proof(acme.ana))
    async with asyncio.timeout(10):
        while session.member.user.role != Role.SUPERVISOR:
            await asyncio.sleep(0.02)
