"""How phone numbers and icons are written."""

import re

import phonenumbers
from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from simulator.models import Customer

# phonenumbers does not know mobile numbers without the ninth digit, which old WhatsApp accounts still have.
BRAZILIAN = re.compile(r"55(\d{2})(\d{4,5})(\d{4})")

register = template.Library()


@register.filter
def phone(digits: str) -> str:
    """`5511976543210` as `+55 11 97654-3210`; what is no number stays as it is."""
    if brazilian := BRAZILIAN.fullmatch(digits):
        return "+55 {} {}-{}".format(*brazilian.groups())
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.filter
def called(customer: Customer) -> str:
    """A name; of somebody known by number only, the number as one writes it."""
    return phone(customer.pk) if customer.name == f"+{customer.pk}" else customer.name


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the outlines in icons.svg, hidden from screen readers."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)
