"""Server-sent events: what an open phone draws anew."""

import asyncio
import json
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET

from simulator import statuses
from simulator.live import Change, audience
from simulator.models import Chat, Message
from simulator.phone import bubbles, people
from simulator.phone.addresses import chat_at
from simulator.phone.controls import controls

BEAT_SECONDS = 15
Event = tuple[str, dict[str, str]]
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


@require_GET
async def stream(_request: HttpRequest, wa_id: str, number_id: str) -> StreamingHttpResponse:
    """The changes of one chat, and of the lists beside it, for as long as the page is open and in sight."""
    chat = await sync_to_async(chat_at)(wa_id, number_id)
    changes = _changes(chat, get_language() or "en")
    return StreamingHttpResponse(changes, content_type="text/event-stream", headers=HEADERS)


async def _changes(chat: Chat, language: str) -> AsyncIterator[str]:
    with audience.viewing(chat.key) as viewer:
        yield "retry: 1000\nevent: open\ndata: {}\n\n"
        await sync_to_async(statuses.opened)(chat)
        while True:
            try:
                change = await asyncio.wait_for(viewer.changes.get(), BEAT_SECONDS)
            except TimeoutError:
                yield ": beat\n\n"
                continue
            yield await sync_to_async(_events)(chat, change, language)


def _events(chat: Chat, change: Change, language: str) -> str:
    """A change as events with ready fragments, in the language of the page."""
    with override(language):
        return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in _fragments(chat, change))


def _fragments(chat: Chat, change: Change) -> list[Event]:
    if change.kind == "message":
        return _message(chat, change)
    if change.kind == "typing":
        return [("typing", {})] if change.chat == chat.key else []
    if change.kind == "behaviour":
        return [("behaviour", {"html": render_to_string("_behaviour.html", controls(chat))}), _window(chat)]
    if change.kind == "exchange":
        return [("exchange", {"html": render_to_string("_exchange.html", {"exchange": change.exchange})})]
    return [("reload", {})]


def _message(chat: Chat, change: Change) -> list[Event]:
    """The bubble, if it is in this chat, and the customer's row in the list."""
    message = Message.objects.select_related("chat__number").filter(pk=change.message_id or 0).first()
    if message is None or message.chat.number_id != chat.number_id:
        return []
    row = {"person": people.person(message.chat.customer_id, chat.number), "number": chat.number, "chat": chat}
    events: list[Event] = [("person", {"html": render_to_string("_person.html", row)})]
    if change.chat == chat.key and message.type not in bubbles.NOT_A_BUBBLE:
        (bubble,) = bubbles.of_messages([message], message.chat)
        events += [("bubble", {"html": render_to_string("_bubble.html", {"bubble": bubble})}), _window(chat)]
    return events


def _window(chat: Chat) -> Event:
    """How long the business may still write freely."""
    fresh = Chat.objects.get(pk=chat.pk)
    return "window", {"html": render_to_string("_window.html", {"chat": fresh})}
