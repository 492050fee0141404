"""Webhook bodies, as Meta writes and signs them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from simulator.errors import WEBHOOK_ERRORS
from simulator.models import Customer, Medium, Message, Number, Template, Webhook

Json = dict[str, Any]


def envelope(number: Number, value: Json) -> Json:
    """One change of the field `messages`, with the metadata of the number unless the value brings its own."""
    metadata = {"display_phone_number": number.display_phone_number, "phone_number_id": number.phone_number_id}
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata, **value}, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": number.waba_id, "changes": [change]}]}


def said(messages: Iterable[Message]) -> Json:
    """The body that tells what customers of one number said."""
    told = list(messages)
    customers = {message.chat.customer_id: message.chat.customer for message in told}
    value = {"contacts": [contact(customer) for customer in customers.values()], "messages": [spoken(m) for m in told]}
    return envelope(told[0].chat.number, value)


def spoken(message: Message) -> Json:
    """One element of `messages[]`."""
    customer = message.chat.customer
    element: Json = {"from_user_id": customer.user_id, "id": message.wamid, "timestamp": stamp(message.said_at)}
    if not customer.hides_phone:
        element = {"from": customer.wa_id, **element}
    if message.context_wamid:
        element["context"] = {"from": _author(message), "id": message.context_wamid}
    if message.type == "unsupported":
        element["errors"] = [_error(131051)]
    return {**element, "type": message.type, message.type: message.content}


def _author(message: Message) -> str:
    """Who wrote the message that is replied to: the business, unless the customer quotes themselves."""
    own = message.chat.messages.filter(wamid=message.context_wamid, is_from_customer=True).exists()
    return message.chat.customer_id if own else message.chat.number.display_phone_number


def contact(customer: Customer) -> Json:
    """One element of `contacts[]`."""
    profile = {"name": customer.name}
    if customer.username:
        profile["username"] = customer.username
    phone = {} if customer.hides_phone else {"wa_id": customer.wa_id}
    return {"profile": profile, **phone, "user_id": customer.user_id}


def reported(message: Message, status: str, error_code: int | None = None) -> Json:
    """The body that reports a status of a message of the business."""
    customer, element = message.chat.customer, _status(message, status, error_code)
    # Only delivered and read name the contact; failed never does.
    with_contact = status in (Message.Status.DELIVERED, Message.Status.READ)
    value: Json = {"contacts": [contact(customer)]} if with_contact else {}
    return envelope(message.chat.number, {**value, "statuses": [element]})


def _status(message: Message, status: str, error_code: int | None) -> Json:
    customer = message.chat.customer
    element: Json = {"id": message.wamid, "status": status, "timestamp": stamp(timezone.now())}
    if not customer.hides_phone:
        element["recipient_id"] = customer.wa_id
    if status != Message.Status.FAILED:
        element["recipient_user_id"] = customer.user_id
    if message.callback_data:
        element["biz_opaque_callback_data"] = message.callback_data
    if status in (Message.Status.SENT, Message.Status.DELIVERED):
        element["pricing"] = _pricing(message)
    if error_code:
        element["errors"] = [_error(error_code)]
    return element


def _pricing(message: Message) -> Json:
    if message.type != "template":
        return {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
    template = Template.of(message.chat.number.waba_id).filter(name=message.content.get("name")).first()
    category = template.category.lower() if template else "utility"
    return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": category}


def _error(code: int) -> Json:
    title, details = WEBHOOK_ERRORS.get(code, ("Something went wrong", "Message failed to send."))
    href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
    return {"code": code, "title": title, "message": title, "error_data": {"details": details}, "href": href}


def medium(kept: Medium, **more: object) -> Json:
    """The content of a media message; webhooks give the hash in base64, the media endpoint in hex."""
    digest = base64.b64encode(bytes.fromhex(kept.sha256)).decode()
    return {"mime_type": kept.mime_type, "sha256": digest, "id": kept.media_id, **more}


def stamp(moment: datetime) -> str:
    """Unix seconds as text."""
    return str(int(moment.timestamp()))


def encode(body: object) -> bytes:
    """JSON as Meta writes it: ASCII only, with escaped slashes."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def signature(body: bytes, signing: str) -> dict[str, str]:
    """The signature header, right, wrong or none."""
    if signing == Webhook.Signing.NONE:
        return {}
    secret = settings.APP_SECRET if signing == Webhook.Signing.GOOD else "not-the-secret"
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}
