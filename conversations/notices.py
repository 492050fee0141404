"""What a chat says about itself: who came, who left, what it is called. Worded in the language of whoever reads."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from conversations.models import Message

Facts = Mapping[str, Any]


def notice(activity: str, by: str, **facts: object) -> dict[str, object]:
    """The metadata of a notice: what happened, and the names as they were then."""
    return {"activity": activity, "by": by, **facts}


def words(message: Message) -> str:
    """A notice in the active language; what nobody knows how to word is shown as it was stored."""
    word = _WORDS.get(message.metadata.get("activity", ""))
    return word(message.metadata) if word else message.content


def worded(facts: Facts) -> str:
    """The facts of a notice in the active language."""
    return _WORDS[facts["activity"]](facts)


def _created(facts: Facts) -> str:
    return _("%(by)s began the group.") % facts


def _joined(facts: Facts) -> str:
    return _("%(by)s joined.") % facts


def _invited(facts: Facts) -> str:
    return _("%(by)s added %(people)s.") % {**facts, "people": ", ".join(facts["people"])}


def _left(facts: Facts) -> str:
    return _("%(by)s left.") % facts


def _removed(facts: Facts) -> str:
    return _("%(by)s removed %(people)s.") % {**facts, "people": ", ".join(facts["people"])}


def _renamed(facts: Facts) -> str:
    return _("%(by)s named the group “%(title)s”.") % facts


_WORDS: dict[str, Callable[[Facts], str]] = {
    "created": _created,
    "joined": _joined,
    "invited": _invited,
    "left": _left,
    "removed": _removed,
    "renamed": _renamed,
}
