"""Out to the customer: the business's emoji on a message of theirs. Its row is the queue.

Meta keeps one reaction of a business per message, and an empty emoji removes it: telling it the same once more changes
nothing, so that what may or may not have been taken is simply told again. Source: `messages/reaction-messages`.
"""

import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from conversations.actions.reacting import postpone_reaction, record_reacted, refuse_reaction, start_reacting
from conversations.models import Reaction
from conversations.statuses import NO_ATTEMPTS_LEFT, NOT_CONNECTED
from events.catalogue import MessageReaction
from events.log import Committed
from whatsapp import composing, contents, doorbell, graph, limits
from whatsapp.models import Number, NumberState
from whatsapp.payloads import StatusItem
from whatsapp.sending import heed

PATIENCE = timedelta(minutes=5)  # an emoji that comes later than that surprises
WAIT = 5.0  # seconds after a transient error
_CALLBACK = re.compile(r"recado-reaction:(?P<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}):(?P<attempt>[0-9]{1,9})")

logger = logging.getLogger(__name__)


def on_events(events: Sequence[Committed]) -> None:
    """Ring for every message on which a reaction now waits for WhatsApp."""
    for event in events:
        if isinstance(event.event, MessageReaction) and any(each.status == "PENDING" for each in event.event.reactions):
            doorbell.wake("whatsapp.tasks.send_reaction", str(event.tenant_id), event.event.message_id)


def send_waiting(message_id: UUID) -> float | None:
    """Tell WhatsApp what waits on a message; returns after how many seconds to come back, None when nothing waits."""
    while True:
        now = timezone.now()
        reaction = start_reacting(message_id, now=now, answer_by=now + timedelta(seconds=settings.WHATSAPP_LOST_AFTER))
        if reaction is None:
            return None
        wait = _send(reaction)
        if wait is not None:
            return wait


def _send(reaction: Reaction) -> float | None:
    """Try one; returns after how many seconds to try again, None when it is settled."""
    number = reaction.message.number
    if number is None or number.state != NumberState.CONNECTED:
        _refuse(reaction, NOT_CONNECTED, "")
        return None
    wait = limits.seconds_to_wait(number.pk, reaction.message.conversation.address)
    return _postpone(reaction, wait) if wait else _attempt(reaction, number)


def _attempt(reaction: Reaction, number: Number) -> float | None:
    try:
        graph.send(number, composing.reaction(reaction, callback=f"recado-reaction:{reaction.pk}:{reaction.attempts}"))
    except (graph.Transient, graph.LostAnswer) as error:
        if timezone.now() > reaction.reacted_at + PATIENCE:
            _refuse(reaction, NO_ATTEMPTS_LEFT, error.detail)
            return None
        return _postpone(reaction, getattr(error, "retry_after", None) or WAIT)
    except graph.Permanent as error:
        heed(number, error)
        _refuse(reaction, error.code, error.detail)
    else:
        record_reacted(reaction)
    return None


def _postpone(reaction: Reaction, wait: float) -> float:
    postpone_reaction(reaction, until=timezone.now() + timedelta(seconds=wait))
    return wait


def _refuse(reaction: Reaction, code: str, detail: str) -> None:
    refuse_reaction(reaction.pk, attempt=reaction.attempts, code=code, detail=detail, told=reaction.wanted)


def is_about_reaction(item: StatusItem) -> bool:
    """Whether a status is of a reaction of ours rather than of a message."""
    return _about(item) is not None


def heed_status(item: StatusItem) -> None:
    """Follow such a status: of reactions only a refusal is news."""
    about = _about(item)
    if about is None or item.status.status != "failed":
        return
    error = contents.first_error(item.status.errors)
    code, detail = (str(error.code)[:32], error.detail) if error else ("", "")
    refuse_reaction(UUID(about["id"]), attempt=int(about["attempt"]), code=code, detail=detail)


def _about(item: StatusItem) -> re.Match[str] | None:
    data = item.status.biz_opaque_callback_data
    return _CALLBACK.fullmatch(data) if isinstance(data, str) else None
