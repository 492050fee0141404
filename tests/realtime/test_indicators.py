"""How often the bell of WhatsApp's typing indicator is rung."""

import asyncio

import pytest
import redis
from channels.db import database_sync_to_async
from django.conf import settings

from realtime.indicators import Indicators
from tests.cast import Company
from tests.realtime.happenings import conversation_with

pytestmark = pytest.mark.django_db(transaction=True)


async def test_bell_is_rung_once_however_often_somebody_types(acme: Company) -> None:
    conversation = await database_sync_to_async(conversation_with)(acme)
    claims, claim = redis.from_url(settings.REDIS_URL), f"recado:claim:typing:{conversation.pk}"
    indicators = Indicators()
    with claims:
        indicators.show(acme.tenant.pk, conversation.pk)
        await _done(indicators)
        assert claims.delete(claim) == 1
        indicators.show(acme.tenant.pk, conversation.pk)
        await _done(indicators)
        assert not claims.exists(claim)


async def _done(indicators: Indicators) -> None:
    async with asyncio.timeout(20):
        await asyncio.gather(*indicators._showing)
