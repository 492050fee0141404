"""POST /{phone_number_id}/messages: sends, read receipts and typing indicators."""

import asyncio

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest

from simulator.bodies import Json
from simulator.errors import HungUpError
from simulator.graph import receipts, sending
from simulator.graph.edge import endpoint, json_body
from simulator.models import Behaviour

EARLY_SECONDS = 1.0


@endpoint("POST")
async def messages(request: HttpRequest, number_id: str) -> Json:
    """Accept or refuse, then answer in the manner that the phone's behaviour asks for."""
    body = json_body(request)
    if "status" in body:
        return await sync_to_async(receipts.take)(body)
    accepted = await sync_to_async(sending.accept)(number_id, body)
    if accepted.manner == Behaviour.Answer.EARLY:
        await asyncio.sleep(EARLY_SECONDS)
    if accepted.manner == Behaviour.Answer.TIMEOUT:
        await asyncio.sleep(settings.HOLD_SECONDS)
        raise HungUpError
    return accepted.as_json()
