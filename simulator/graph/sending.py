"""Accepting or refusing a message of the business."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from simulator import behaviours, errors, ids, statuses
from simulator.graph import filling, limits, validation
from simulator.live import Change, audience
from simulator.models import Behaviour, Chat, Customer, Medium, Message, Number, Template

Answer = Behaviour.Answer
REFUSALS: dict[str, Exception] = {
    Answer.RATE_LIMIT: errors.RATE_LIMIT,
    Answer.PAIR_LIMIT: errors.PAIR_LIMIT,
    Answer.SERVER_ERROR: errors.SERVER_ERROR,
    Answer.BAD_TOKEN: errors.EXPIRED_TOKEN,
    Answer.REFUSE: errors.HungUpError(),
}


@dataclass(frozen=True)
class Accepted:
    """A message that Meta will deliver, and in which manner it says so."""

    message: Message
    addressed_to: str
    manner: str

    def as_json(self) -> dict[str, Any]:
        """The 200 answer; the wa_id can differ from the number that was addressed."""
        customer = self.message.chat.customer
        who = {"user_id": customer.user_id} if customer.hides_phone else {"wa_id": customer.wa_id}
        told: dict[str, Any] = {"id": self.message.wamid}
        if self.message.type == "template":
            told["message_status"] = "accepted"
        return {"messaging_product": "whatsapp", "contacts": [{"input": self.addressed_to, **who}], "messages": [told]}


def accept(number_id: str, body: dict[str, Any]) -> Accepted:
    """Take a message in and queue its statuses. Raises GraphError or HungUpError when it is refused."""
    kind, addressed_to = validation.check(body)
    number = Number.called(number_id)
    customer = _addressee(body)
    _check_references(number, kind, body[kind])
    way = behaviours.for_send(customer.pk)
    if way.answer in REFUSALS:
        raise REFUSALS[way.answer]
    if way.enforces_limits:
        limits.spend(number_id, customer.pk)
    return Accepted(_take_in(Chat.between(customer, number), kind, body, way), addressed_to, way.answer)


def _addressee(body: dict[str, Any]) -> Customer:
    """Who `to` is; only without it `recipient` counts."""
    if body.get("to"):
        return Customer.reached_at(body["to"])
    known = Customer.objects.filter(user_id=body["recipient"]).first()
    if known is None:
        raise errors.not_allowed_value("The recipient is not a known business-scoped user id.")
    return known


def _check_references(number: Number, kind: str, content: dict[str, Any]) -> None:
    """Media and templates that are named have to exist."""
    media_id = content.get("id") if kind in validation.MEDIA else None
    if media_id and not Medium.objects.filter(media_id=media_id).exists():
        raise errors.not_allowed_value(f"{media_id} is not a valid whatsapp business account media attachment ID")
    if kind == "template":
        _check_template(number, content)


def _check_template(number: Number, content: dict[str, Any]) -> None:
    language = content["language"]["code"]
    template = Template.of(number.waba_id).filter(name=content["name"], language=language).first()
    if template is None:
        details = f"template name ({content['name']}) does not exist in {language}"
        raise errors.GraphError(132001, "(#132001) Template name does not exist in the translation", details, 404)
    filling.check(template, content)


@transaction.atomic
def _take_in(chat: Chat, kind: str, body: dict[str, Any], way: Behaviour) -> Message:
    if chat.is_window_closed and kind != "template":
        raise errors.WINDOW_CLOSED
    message = Message.objects.create(
        chat=chat,
        wamid=ids.wamid(chat.customer_id, from_customer=False),
        is_from_customer=False,
        type=kind,
        content=body[kind],
        context_wamid=(body.get("context") or {}).get("message_id", ""),
        callback_data=body.get("biz_opaque_callback_data", ""),
        status=Message.Status.ACCEPTED,
        hides_receipt=way.outcome == Behaviour.Outcome.DELIVERED,
    )
    Chat.objects.filter(pk=chat.pk).update(last_message_at=timezone.now())
    if kind == "reaction" and way.outcome != Behaviour.Outcome.FAILED:
        _react(chat, body["reaction"])
    statuses.schedule(message, way)
    transaction.on_commit(lambda: audience.tell(Change("message", chat.key, message.pk)))
    return message


def _react(chat: Chat, reaction: dict[str, Any]) -> None:
    """Put the business's emoji on the message it is for."""
    target = chat.messages.filter(wamid=reaction["message_id"]).first()
    if target is not None:
        Message.objects.filter(pk=target.pk).update(business_reaction=reaction.get("emoji", ""))
        transaction.on_commit(lambda: audience.tell(Change("message", chat.key, target.pk)))
