"""The spellings under which WhatsApp may know one phone: used to find a contact, never to write an address.

Source: the numbering plans and what other helpdesks met (reference on phone variants in docs/architecture.md).
"""

import re

_OLD_BRAZIL = re.compile(r"55(\d{2})([6-9]\d{7})")  # area code, mobile number
_NEW_BRAZIL = re.compile(r"55(\d{2})9([6-9]\d{7})")
_MEXICO = re.compile(r"521(\d{10})")
_ARGENTINA = re.compile(r"549(\d{10})")


def variants(digits: str) -> frozenset[str]:
    """`digits` and the other spellings of the same phone.

    Brazil's mobile numbers got a ninth digit, and older WhatsApp accounts keep their id without it.
    """
    return frozenset({digits, *_brazil(digits), *_prefix(_MEXICO, "52", digits), *_prefix(_ARGENTINA, "54", digits)})


def _brazil(digits: str) -> set[str]:
    if old := _OLD_BRAZIL.fullmatch(digits):
        return {f"55{old[1]}9{old[2]}"}
    if new := _NEW_BRAZIL.fullmatch(digits):
        return {f"55{new[1]}{new[2]}"}
    return set()


def _prefix(pattern: re.Pattern[str], country: str, digits: str) -> set[str]:
    match = pattern.fullmatch(digits)
    return {country + match[1]} if match else set()


def for_people(digits: str) -> str:
    """The spelling to show: Brazilian mobiles with their ninth digit."""
    longer = [variant for variant in _brazil(digits) if len(variant) > len(digits)]
    return longer[0] if longer else digits
