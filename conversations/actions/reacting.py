"""Emojis on messages: everybody's own in a chat; on what a customer wrote the business's, of which WhatsApp keeps one.

The row of such a reaction is its queue: `wanted` waits in it until WhatsApp has taken it or refused it. To tell
WhatsApp the same twice does no harm, so that a lost answer is no reason to give up.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations import failures, queries
from conversations.actions.membership import seat_of
from conversations.actions.messages import announce_reactions, demand_words, lock_message
from conversations.actions.notifying import notify
from conversations.errors import BadRequest, UnsupportedByChannel, WindowClosed
from conversations.models import Message, Reaction
from conversations.statuses import Direction, NotificationKind
from events.emit import action
from events.objects import Ref

EMOJI_LIMIT = 32  # characters; the longest families take eleven


@action
def react_as(message: Message, *, by: User, emoji: str | None) -> Message:
    """Set or replace an emoji, or with None remove it: in a chat one's own, on a customer's message the business's.

    What is for the customer is shown as PENDING until WhatsApp has it; `whatsapp` is woken for it. Raises BadRequest,
    Conflict, Forbidden, NotFound, UnsupportedByChannel, WindowClosed.
    """
    row = lock_message(message)
    if row.conversation.is_chat:
        seat_of(row.conversation, by.pk)
    demand_words(row)
    wanted = "" if emoji is None else _clean_emoji(emoji)
    if row.conversation.is_chat:
        _react_in_chat(row, by, wanted)
    else:
        _want(row, by, wanted)
    return queries.messages().get(pk=row.pk)


def _clean_emoji(emoji: str) -> str:
    cleaned = emoji.replace("\0", "").strip()
    if not 0 < len(cleaned) <= EMOJI_LIMIT or any(sign.isalnum() and sign.isascii() for sign in cleaned[:1]):
        raise BadRequest(fields={"emoji": _("This is not an emoji.")})
    return cleaned


def _react_in_chat(row: Message, by: User, emoji: str) -> None:
    known = Reaction.objects.filter(message=row, user=by).first()
    if emoji != (known.emoji if known else ""):
        now = timezone.now()
        Reaction.objects.update_or_create(
            message=row, user=by, contact=None, defaults={"emoji": emoji, "reacted_at": now}
        )
        announce_reactions(row)


def _want(row: Message, by: User, emoji: str) -> None:
    """Let a worker tell WhatsApp. One that is telling it something else right now comes back for it."""
    now = timezone.now()
    _demand_reach(row, now)
    known = Reaction.objects.filter(message=row, contact=None).first() or Reaction(message=row, user=by, reacted_at=now)
    if emoji != (known.emoji if known.wanted is None else known.wanted):
        known.wanted, known.wanted_by, known.reacted_at = emoji, by, now
        known.save(update_fields=None if known._state.adding else ["wanted", "wanted_by", "reacted_at"])
        announce_reactions(row)


def _demand_reach(row: Message, now: datetime) -> None:
    if row.direction != Direction.INBOUND or row.wamid is None:
        raise UnsupportedByChannel(_("WhatsApp takes reactions to what the customer wrote only."))
    if not row.conversation.window_is_open(now):
        raise WindowClosed


def start_reacting(message_id: UUID, *, now: datetime, answer_by: datetime) -> Reaction | None:
    """Claim what waits for WhatsApp on a message, if it is due. `answer_by`: from then on somebody else may try it."""
    waiting = Reaction.objects.filter(message_id=message_id, wanted__isnull=False)
    due = waiting.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))
    if due.update(next_attempt_at=answer_by, attempts=F("attempts") + 1) != 1:
        return None
    return waiting.select_related("message__conversation", "message__number", "wanted_by").first()


def postpone_reaction(reaction: Reaction, *, until: datetime) -> None:
    """It was certainly not taken, or nobody knows: once more, later."""
    Reaction.objects.filter(pk=reaction.pk, attempts=reaction.attempts).update(next_attempt_at=until)


@action
def record_reacted(reaction: Reaction) -> None:
    """WhatsApp took what was claimed."""
    row = _lock_claimed(reaction.pk, reaction.attempts)
    if row is None or row.wanted is None:
        return
    row.emoji, row.replaced, row.user = reaction.wanted or "", row.emoji, reaction.wanted_by
    _settle(row, reaction.wanted)


@action
def refuse_reaction(reaction_id: UUID, *, attempt: int, code: str, detail: str, told: str | None = None) -> None:
    """WhatsApp refused that attempt, at once or by a status afterwards: what stood before stands again, and who
    reacted is told. `told`: the emoji it was about, where that is known; what is wanted since goes on. Does nothing the
    second time.
    """
    row = _lock_claimed(reaction_id, attempt)
    if row is None:
        return
    reader = row.user if row.wanted is None else row.wanted_by
    if row.wanted is None:
        row.emoji, row.replaced = row.replaced, ""
    row.attempts += 1  # this one has been dealt with
    _settle(row, row.wanted if told is None else told)
    if reader:
        failure = failures.explain(code, detail)
        whatsapp = Ref(id=None, name="WhatsApp", kind="system")
        conversation, words = row.message.conversation, f"{failure.title} {failure.advice}"
        kind = NotificationKind.REACTION_REFUSED
        notify(reader.pk, kind, conversation, by=whatsapp, message=row.message, words=words)


def _lock_claimed(reaction_id: UUID, attempt: int) -> Reaction | None:
    """The reaction behind its locked message, unless somebody has tried again since."""
    found = Reaction.objects.select_related("message").filter(pk=reaction_id).first()
    if found is None:
        return None
    message = lock_message(found.message)
    row = Reaction.objects.select_related("user", "wanted_by").filter(pk=reaction_id, attempts=attempt).first()
    if row is not None:
        row.message = message
    return row


def _settle(row: Reaction, told: str | None) -> None:
    """What was told waits no more; what was wanted meanwhile does."""
    if row.wanted == told:
        row.wanted, row.wanted_by = None, None
    row.next_attempt_at = None
    row.save(update_fields=["emoji", "replaced", "user", "wanted", "wanted_by", "attempts", "next_attempt_at"])
    announce_reactions(row.message)
