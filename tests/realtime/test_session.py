"""A signed-in connection, seen from inside its process."""

import asyncio

import pytest

from accounts.models import Role, User
from realtime import hub
from realtime.proofs import Token
from realtime.session import sign_in
from realtime.threads import in_every_tenant
from tests.cast import Company
from tests.realtime.client import token
from tests.realtime.test_fanout import Listener


@pytest.mark.django_db(transaction=True)
async def test_role_that_changed_just_before_the_next_token_is_told_all_the_same(acme: Company) -> None:
    here = hub.current()
    session = await sign_in(here, Listener(), Token(token(acme.ana)), html=False, language="")
    await in_every_tenant(User.objects.filter(pk=acme.ana.pk).update, role=Role.SUPERVISOR)
    assert await session.renew(Token(token(acme.ana)))
    await here.warden.look()
    await asyncio.gather(*here.warden._reviews)
    assert session.member.user.role == Role.SUPERVISOR
    await session.vacate()
    await here.stop()
