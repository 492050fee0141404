"""Messages with something to press: reply buttons, a list, or a link. Limits as Meta's (messages/interactive-*)."""

from collections.abc import Iterable
from typing import Annotated

from django.utils.translation import gettext as _
from msgspec import Meta, Struct

_NO_NUL = "^[^\\x00]*$"
BODY_LIMIT = 1024  # characters; beside a list 4,096
Line = Annotated[str, Meta(max_length=60, pattern=_NO_NUL)]
ButtonText = Annotated[str, Meta(min_length=1, max_length=20, pattern=_NO_NUL)]
RowText = Annotated[str, Meta(min_length=1, max_length=24, pattern=_NO_NUL)]


class ReplyButton(Struct, rename="camel"):
    """What the customer presses; `id` comes back with the answer."""

    id: Annotated[str, Meta(min_length=1, max_length=256, pattern=_NO_NUL)]
    title: ButtonText


class ListRow(Struct, rename="camel"):
    """What the customer chooses; `id` comes back with the answer."""

    id: Annotated[str, Meta(min_length=1, max_length=200, pattern=_NO_NUL)]
    title: RowText
    description: Annotated[str, Meta(max_length=72, pattern=_NO_NUL)] = ""


class ListSection(Struct, rename="camel"):
    """Rows that belong together; where there are several sections each has a title."""

    rows: Annotated[list[ListRow], Meta(min_length=1, max_length=10)]
    title: Annotated[str, Meta(max_length=24, pattern=_NO_NUL)] = ""


class _Framed(Struct, rename="camel", kw_only=True, tag_field="type"):
    """A line over the words and a small one under them; the words themselves are the message's `content`."""

    header: Line = ""
    footer: Line = ""


class ReplyButtons(_Framed, kw_only=True, tag="button"):
    """Up to three buttons to answer with."""

    buttons: Annotated[list[ReplyButton], Meta(min_length=1, max_length=3)]

    def __post_init__(self) -> None:
        _demand_unlike(button.id for button in self.buttons)
        _demand_unlike(button.title for button in self.buttons)


class ChoiceList(_Framed, kw_only=True, tag="list"):
    """A button that opens a list of up to ten rows."""

    button: ButtonText
    sections: Annotated[list[ListSection], Meta(min_length=1, max_length=10)]

    def __post_init__(self) -> None:
        rows = [row for section in self.sections for row in section.rows]
        if len(rows) > 10:  # noqa: PLR2004  the words say it
            raise ValueError(_("WhatsApp takes at most ten rows in all sections."))
        if len(self.sections) > 1 and not all(section.title for section in self.sections):
            raise ValueError(_("Where there are several sections each needs a title."))
        _demand_unlike(row.id for row in rows)


class LinkButton(_Framed, kw_only=True, tag="cta_url"):
    """A button that opens an address."""

    button: ButtonText
    url: Annotated[str, Meta(max_length=2000, pattern=r"^https?://[^\s\x00]+$")]


Interactive = ReplyButtons | ChoiceList | LinkButton


def _demand_unlike(words: Iterable[str]) -> None:
    listed = list(words)
    if len(set(listed)) != len(listed):
        raise ValueError(_("Two of these are alike: ids and buttons have to differ."))
