"""Webhook bodies as Meta sends them, made from the few words a test cares about."""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any

APP_SECRET = "demo-app-secret"
_serial = itertools.count(1)


def text(
    body: str = "Oi", *, sender: str = "5511888888888", wamid: str | None = None, at: float | None = None, **more: Any
) -> dict[str, Any]:
    """One element of `messages`."""
    seconds = int(time.time() if at is None else at)
    return {
        "from": sender,
        "id": wamid or f"wamid.{next(_serial)}",
        "timestamp": str(seconds),
        "type": "text",
        "text": {"body": body},
        **more,
    }


def status(wamid: str, word: str, *, at: float | None = None, **more: Any) -> dict[str, Any]:
    """One element of `statuses`."""
    return {
        "id": wamid,
        "status": word,
        "timestamp": str(int(time.time() if at is None else at)),
        "recipient_id": "5511888888888",
        **more,
    }


def value(
    *messages: dict[str, Any],
    statuses: tuple[dict[str, Any], ...] = (),
    name: str = "Marta",
    number: str = "test-phone-id",
    **more: Any,
) -> dict[str, Any]:
    """A `value` for the field `messages`."""
    senders = dict.fromkeys(message["from"] for message in messages if message.get("from"))
    contacts = [{"profile": {"name": name}, "wa_id": sender} for sender in senders]
    parts = {"contacts": contacts, "messages": list(messages)} if messages else {}
    metadata = {"display_phone_number": "5511999999999", "phone_number_id": number}
    return {
        "messaging_product": "whatsapp",
        "metadata": metadata,
        **parts,
        **({"statuses": list(statuses)} if statuses else {}),
        **more,
    }


def body(*values: dict[str, Any], waba: str = "test-entry", field: str = "messages") -> bytes:
    """A whole body, escaped as Meta escapes."""
    changes = [{"field": field, "value": each} for each in values]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": waba, "changes": changes}]}).encode()


def signature(raw: bytes, secret: str = APP_SECRET) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
