"""How often the bell of WhatsApp's typing indicator is rung."""

import pytest
import redis
from django.conf import settings

from tests.cast import Company
from tests.realtime.client import socket_of
from tests.realtime.happenings import conversation_with
from tests.realtime.serving import Program, until

pytestmark = pytest.mark.django_db(transaction=True)


def test_bell_is_asked_once_however_many_type(server: Program, acme: Company) -> None:
    conversation = str(conversation_with(acme).pk)
    claims, claim = redis.from_url(settings.REDIS_URL), f"recado:claim:typing:{conversation}"
    with claims, socket_of(acme.caio, server.ws) as caio, socket_of(acme.ana, server.ws) as ana:
        for typist in (caio, ana):
            typist.ask("conversation:join", conversationId=conversation)
        caio.ask("typing:start", conversationId=conversation)
        until(lambda: bool(claims.delete(claim)))
        ana.ask("typing:start", conversationId=conversation)
        assert caio.next("typing:start")
        assert ana.ask("conversation:get", conversationId=conversation)["status"] == "ok"  # through the same threads
        assert not claims.exists(claim)
