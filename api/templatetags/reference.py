"""How the documents of the code's own words are written as HTML."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def sentence(words: str) -> SafeString:
    """A docstring whose names of the code stand between backticks."""
    parts = words.split("`")
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", each) if at % 2 else each,) for at, each in enumerate(parts))
    )
