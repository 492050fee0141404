"""Identifiers that look like Meta's."""

import base64
import hashlib
import re
import secrets


def wamid(wa_id: str, *, from_customer: bool) -> str:
    """A message id: to everybody else it is opaque, inside are the customer's number and random bytes."""
    digits = wa_id.encode()
    head = b"\x1c\x18" + bytes([len(digits)]) + digits
    direction = b"\x12" if from_customer else b"\x11"
    body = head + b"\x15\x02\x00" + direction + b"\x18\x14" + secrets.token_hex(10).upper().encode() + b"\x00"
    return "wamid." + base64.b64encode(body).decode()


def media_id() -> str:
    """Sixteen digits, never starting with 0."""
    return str(10**15 + secrets.randbelow(9 * 10**15))


def trace_id() -> str:
    """The fbtrace_id of an answer."""
    return "A" + secrets.token_urlsafe(16)[:22]


def user_id(wa_id: str) -> str:
    """The business-scoped user id of a customer; the same one each time."""
    return f"BR.{int(hashlib.sha256(wa_id.encode()).hexdigest()[:16], 16)}"


def digits_of(phone: str) -> str:
    """A phone number as digits with country code; without `+` a national number is taken as Brazilian."""
    digits = re.sub(r"\D", "", phone)
    is_national = not phone.strip().startswith("+") and len(digits) in (10, 11)
    return f"55{digits}" if is_national else digits


def brazilian_variants(digits: str) -> set[str]:
    """The number with and without the ninth digit: old WhatsApp accounts are known without it."""
    found = re.fullmatch(r"55(\d{2})(9?)([6-9]\d{7})", digits)
    if not found:
        return {digits}
    area, _, rest = found.groups()
    return {f"55{area}{rest}", f"55{area}9{rest}"}
