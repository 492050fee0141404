"""Webhooks as bytes, signed before the clock runs."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence

from benchmarks.company import Company

MARK = "bench "
"""Before the sequence number in the text of each message, by which the sockets recognise it."""

_HEAD = (
    b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"X-Hub-Signature-256: sha256=%s\r\nContent-Length: %d\r\n\r\n"
)


def requests(companies: Sequence[Company], contacts: int, count: int, secret: str, first: int = 0) -> list[bytes]:
    """`count` POSTs of one message each, from `contacts` people to the tenants in turn."""
    return [_request(companies, contacts, number, secret) for number in range(first, first + count)]


def _request(companies: Sequence[Company], contacts: int, number: int, secret: str) -> bytes:
    company = companies[number % len(companies)]
    body = _body(company, number % contacts, number)
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()
    return _HEAD % (digest, len(body)) + body


def _body(company: Company, person: int, number: int) -> bytes:
    phone = f"55119{person:08d}"
    message = {
        "from": phone,
        "id": f"wamid.{company.tenant.slug}.{number}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": f"{MARK}{number}"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "5511999999999", "phone_number_id": company.phone_number_id},
        "contacts": [{"profile": {"name": f"Cliente {person}"}, "wa_id": phone}],
        "messages": [message],
    }
    entry = {"id": company.waba_id, "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
