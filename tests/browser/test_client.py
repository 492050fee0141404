"""The client class by itself in Chromium, as somebody else's page would use it: by token, without our page's code."""

import re

from playwright.sync_api import Page, expect

from conversations.actions import update_conversation
from conversations.models import Conversation
from realtime.commands import REGISTRY
from tenancy.scope import tenant_scope
from tests.browser.conftest import Open
from tests.cast import Company
from tests.customers import writes
from tests.realtime.client import token

START = """
async ([token, conversationId]) => {
  const { RecadoSocket } = await import("/static/js/recado-socket.js");
  const socket = new RecadoSocket({ token: () => token });
  Object.assign(window, { socket, heard: [], states: [] });
  socket.on("state", (state) => { states.push(state); document.documentElement.dataset.client = state; });
  socket.on("conversation:updated", ({ seq, data }) => {
    heard.push([seq, data.updates.priority]);
    document.documentElement.dataset.priority = data.updates.priority;
  });
  socket.connect();
  await socket.join(conversationId);
}
"""


def begin(page: Page, acme: Company, conversation: Conversation) -> None:
    page.evaluate(START, [token(acme.ana), str(conversation.pk)])
    is_in_state(page, "live")


def is_in_state(page: Page, state: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-client", state, timeout=30_000)


def prioritise(acme: Company, conversation: Conversation, priority: int) -> None:
    with tenant_scope(acme.tenant):
        update_conversation(Conversation.objects.get(pk=conversation.pk), by=acme.bruno, priority=priority)


def has_heard(page: Page, priority: int) -> None:
    expect(page.locator("html")).to_have_attribute("data-priority", str(priority), timeout=30_000)


def test_every_command_has_a_method_and_is_answered(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    page = enter("", "/sign-in/")
    begin(page, acme, conversation)
    methods = {re.sub(r"[:-](\w)", lambda found: found[1].upper(), name) for name in REGISTRY}
    assert page.evaluate("(names) => names.filter((name) => typeof socket[name] !== 'function')", sorted(methods)) == []
    sent = page.evaluate(
        "(id) => socket.messageSend({ conversationId: id, clientId: 'c-1', content: 'Olá' })", str(conversation.pk)
    )
    assert (sent["content"], sent["status"]) == ("Olá", "PENDING")
    refused = page.evaluate(
        "socket.conversationGet({ conversationId: 'x' }).catch(({ code, fields }) => [code, fields])"
    )
    assert refused == ["bad_request", {"conversationId": "Invalid UUID"}]
    assert page.evaluate("socket.ask('no:such').catch(({ code }) => code)") == "unknown_command"


def test_lost_network_is_noticed_and_everything_missed_comes_once_and_in_order(enter: Open, acme: Company) -> None:
    conversation = writes(acme, "Marta", "Oi!")
    page = enter("", "/sign-in/")
    begin(page, acme, conversation)
    prioritise(acme, conversation, 1)
    has_heard(page, 1)
    page.context.set_offline(True)
    is_in_state(page, "offline")
    for priority in (2, 0, -1):
        prioritise(acme, conversation, priority)
    assert page.evaluate("socket.ping().catch(({ code }) => code)") in {"disconnected", "timeout"}
    page.context.set_offline(False)
    has_heard(page, -1)
    is_in_state(page, "live")
    seqs, priorities = zip(*page.evaluate("heard"), strict=True)
    assert priorities == (1, 2, 0, -1)
    assert list(seqs) == sorted(set(seqs))
