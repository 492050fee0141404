"""The spellings of one phone: found under any, shown in one."""

import pytest

from conversations import phones


@pytest.mark.parametrize(
    ("digits", "others"),
    [
        ("5511988887777", {"551188887777"}),
        ("551188887777", {"5511988887777"}),
        ("551133334444", set()),  # a landline has no ninth digit
        ("5511933334444", set()),  # … and is not what is left without one
        ("5215512345678", {"525512345678"}),
        ("5491123456789", {"541123456789"}),
        ("541123456789", set()),  # may be a landline
        ("351912345678", set()),
        ("BR.1a2b", set()),
        ("", set()),
    ],
)
def test_variants_are_the_spellings_whatsapp_may_use(digits: str, others: set[str]) -> None:
    assert phones.variants(digits) == {digits, *others}


@pytest.mark.parametrize("digits", ["551188887777", "5511988887777"])
def test_brazilian_mobile_is_shown_with_its_ninth_digit(digits: str) -> None:
    assert phones.for_people(digits) == "5511988887777"


@pytest.mark.parametrize("digits", ["551133334444", "5215512345678", ""])
def test_other_phones_are_shown_as_they_came(digits: str) -> None:
    assert phones.for_people(digits) == digits
