"""One tenant's part of a batch, in one transaction: messages first, then everything that is said about messages."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from conversations.actions import apply_outcomes, receive
from conversations.actions.arrivals import Arrival
from conversations.actions.people import follow_identities
from events.emit import action
from whatsapp import early, numbers, reacting, templates, translate
from whatsapp.numbers import Route
from whatsapp.payloads import AccountItem, ErrorPart, MessageItem, Source, StatusItem, Usable, parts_of
from whatsapp.revisions import REVISIONS, Revision, apply_revisions

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Routed:
    """An item, where it goes and when it came."""

    item: Usable
    route: Route
    received_at: datetime


@dataclass(slots=True)
class _Work:
    """What a batch holds for one tenant, by kind, in the order received."""

    arrivals: list[Arrival] = field(default_factory=list)
    statuses: list[early.Status] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    new_names: list[translate.NewNames] = field(default_factory=list)
    reactions: list[StatusItem] = field(default_factory=list)
    accounts: list[tuple[AccountItem, datetime]] = field(default_factory=list)


@action
def store(parts: Sequence[Routed]) -> None:
    """Store items of the current tenant. Safe to run twice: what is stored already stays as it is."""
    work = _sort(parts)
    for names in work.new_names:
        follow_identities(names.known, names.new)
    messages = receive(work.arrivals)
    awaited = {part.route.number_id for part in parts if part.route.has_early}
    came_early = early.claim([message for message in messages if message.number_id in awaited])
    outcomes = {status.outcome: status for status in [*came_early.statuses, *work.statuses]}
    unknown = apply_outcomes(list(outcomes))
    early.park([outcomes[outcome] for outcome in unknown], apply_revisions([*came_early.revisions, *work.revisions]))
    for status in work.reactions:
        reacting.heed_status(status)
    for item, received_at in work.accounts:
        _follow_account(item, received_at)


def _sort(parts: Iterable[Routed]) -> _Work:
    work = _Work()
    for part in parts:
        match part.item:
            case MessageItem():
                _sort_message(work, part.item, part)
            case StatusItem() if reacting.is_about_reaction(part.item):
                work.reactions.append(part.item)
            case StatusItem():
                outcome = translate.outcome(part.item, part.route.number_id, part.received_at)
                if outcome:
                    work.statuses.append(early.Status(outcome, part.item, part.received_at))
            case AccountItem(source=Source(field="user_id_update")):
                work.new_names.extend(translate.replaced_ids(part.item))
            case AccountItem():
                work.accounts.append((part.item, part.received_at))
    return work


def _sort_message(work: _Work, item: MessageItem, part: Routed) -> None:
    kind = item.message.type
    if kind in REVISIONS:
        work.revisions.append(Revision(item, part.route.number_id, part.received_at))
    elif kind == "system":
        work.new_names.append(translate.new_names(item))
    else:
        work.arrivals.append(translate.arrival(item, part.route.number_id, part.received_at))


def _follow_account(item: AccountItem, received_at: datetime) -> None:
    match item.source.field:
        case "account_update":
            numbers.account_changed(item.source.waba_id, item.value, received_at=received_at)
        case "phone_number_name_update":
            numbers.name_changed(item.source.waba_id, item.value)
        case field if field in templates.NEWS:
            templates.changed(item.source.waba_id, item.value)
        case "messages":  # about no message of ours: the number or the account is in trouble
            logger.warning("WhatsApp reports of account %s: %s", item.source.waba_id[:64], _reported(item))
        case other:
            logger.info("Nothing follows from a %s webhook yet.", other[:64])


def _reported(item: AccountItem) -> str:
    return "; ".join(
        f"{error.code} {error.detail}"[:500] for error in parts_of(ErrorPart, item.value.get("errors"))[:5]
    )
