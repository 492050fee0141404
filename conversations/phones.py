"""The spellings under which WhatsApp may know one phone: used to find a contact, never to write an address.

Source: the numbering plans and what other helpdesks met (reference on phone variants in docs/architecture.md).
"""

import re

_BRAZIL = re.compile(r"55(\d{2})(\d{8,9})")
_MEXICO = re.compile(r"521(\d{10})")
_ARGENTINA = re.compile(r"549(\d{10})")
_MOBILE_START = "6789"


def variants(digits: str) -> frozenset[str]:
    """`digits` and the other spellings of the same phone.

    Brazil's mobile numbers got a ninth digit, and older WhatsApp accounts keep their id without it.
    """
    return frozenset({digits, *_brazil(digits), *_prefix(_MEXICO, "52", digits), *_prefix(_ARGENTINA, "54", digits)})


def _brazil(digits: str) -> set[str]:
    match = _BRAZIL.fullmatch(digits)
    if not match:
        return set()
    area, rest = match.groups()
    if len(rest) == 8 and rest[0] in _MOBILE_START:  # noqa: PLR2004  digits of an old mobile number
        return {f"55{area}9{rest}"}
    if len(rest) == 9 and rest[0] == "9" and rest[1] in _MOBILE_START:  # noqa: PLR2004  digits of a new one
        return {f"55{area}{rest[1:]}"}
    return set()


def _prefix(pattern: re.Pattern[str], country: str, digits: str) -> set[str]:
    match = pattern.fullmatch(digits)
    return {country + match[1]} if match else set()


def for_people(digits: str) -> str:
    """The spelling to show: Brazilian mobiles with their ninth digit."""
    longer = [variant for variant in _brazil(digits) if len(variant) > len(digits)]
    return longer[0] if longer else digits
