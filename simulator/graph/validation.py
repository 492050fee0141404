"""What Meta says to a malformed message, before anything else happens to it."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from simulator.errors import invalid, not_allowed_value

MEDIA = ("image", "audio", "video", "document", "sticker")
CAPTIONED = ("image", "video", "document")
TEXT_LIMIT, CAPTION_LIMIT, CALLBACK_LIMIT = 4096, 1024, 512
BUTTON_LIMIT, ROW_LIMIT = 3, 10
ADDRESS = re.compile(r"\+?[\d\s().-]{5,30}")
Content = dict[str, Any]
T = TypeVar("T")


def check(body: dict[str, Any]) -> tuple[str, str]:
    """The message's type and addressee. Raises GraphError with Meta's words."""
    if body.get("messaging_product") != "whatsapp":
        raise invalid("The parameter messaging_product is required.")
    addressed_to = body.get("to") or body.get("recipient")
    if not isinstance(addressed_to, str):
        raise invalid("The parameter to is required.")
    if body.get("to") and not ADDRESS.fullmatch(addressed_to):
        raise not_allowed_value("Recipient phone number is not valid.")
    _check_extras(body)
    kind = body.get("type", "text")
    if not isinstance(kind, str) or kind not in CHECKS:
        raise invalid(f'Param type must be one of {{{", ".join(sorted(CHECKS)).upper()}}} - got "{kind}".')
    wanted: type = list if kind == "contacts" else dict
    CHECKS[kind](_part(body, kind, wanted), kind)
    return kind, addressed_to


def _check_extras(body: dict[str, Any]) -> None:
    data = body.get("biz_opaque_callback_data", "")
    if not isinstance(data, str) or len(data) > CALLBACK_LIMIT:
        raise invalid(f"Param biz_opaque_callback_data must be a string of at most {CALLBACK_LIMIT} characters.")
    if body.get("context") and not isinstance(_part(body, "context", dict).get("message_id"), str):
        raise invalid("The parameter context['message_id'] is required.")


def _part(of: object, name: str, kind: type[T], where: str = "") -> T:
    """A required part with the required type; `where` is its owner in the words of the error."""
    shown = f"{where}['{name}']" if where else name
    if not isinstance(of, dict):
        raise invalid(f"Param {where} must be a JSON object.")
    part = of.get(name)
    if part in (None, "", [], {}):
        raise invalid(f"The parameter {shown} is required.")
    if not isinstance(part, kind):
        raise invalid(f"Param {shown} must be {_spoken(kind)}.")
    return part


def _spoken(kind: type) -> str:
    return "a JSON object" if kind is dict else "an array" if kind is list else "a string"


def _text_part(of: object, name: str, limit: int, where: str) -> str:
    text = _part(of, name, str, where)
    if len(text) > limit:
        raise invalid(f"Param {where}['{name}'] must be at most {limit} characters long.")
    return text


def _check_text(content: Content, kind: str) -> None:
    _text_part(content, "body", TEXT_LIMIT, kind)


def _check_media(content: Content, kind: str) -> None:
    if bool(content.get("id")) == bool(content.get("link")):
        raise invalid(f"Exactly one of {kind}['id'] and {kind}['link'] is required.")
    if not isinstance(content.get("id") or content.get("link"), str):
        raise invalid(f"Param {kind}['id'] must be a string.")
    if content.get("link") and not content["link"].startswith(("http://", "https://")):
        raise not_allowed_value(f"{kind}['link'] is not an http(s) address.")
    if content.get("caption"):
        if kind not in CAPTIONED:
            raise invalid(f'Unexpected key "caption" on param "{kind}".')
        _text_part(content, "caption", CAPTION_LIMIT, kind)


def _check_location(content: Content, kind: str) -> None:
    for name, limit in (("latitude", 90), ("longitude", 180)):
        try:
            is_place = abs(float(content[name])) <= limit
        except (KeyError, TypeError, ValueError):
            is_place = False
        if not is_place:
            raise invalid(f"Param {kind}['{name}'] must be a number from -{limit} to {limit}.")


def _check_contacts(content: list[Any], kind: str) -> None:
    for card in content:
        if not isinstance(card, dict):
            raise invalid("Param contacts must be an array of JSON objects.")
        _part(_part(card, "name", dict, kind), "formatted_name", str, f"{kind}['name']")


def _check_reaction(content: Content, kind: str) -> None:
    _part(content, "message_id", str, kind)
    if not isinstance(content.get("emoji", ""), str):
        raise invalid("Param reaction['emoji'] must be a string.")


def _check_template(content: Content, kind: str) -> None:
    _part(content, "name", str, kind)
    _part(_part(content, "language", dict, kind), "code", str, f"{kind}['language']")
    components = content.get("components") or []
    if not (isinstance(components, list) and all(isinstance(each, dict) for each in components)):
        raise invalid("Param template['components'] must be an array of JSON objects.")


def _check_interactive(content: Content, kind: str) -> None:
    form = _part(content, "type", str, kind)
    limit = TEXT_LIMIT if form == "list" else CAPTION_LIMIT
    _text_part(_part(content, "body", dict, kind), "text", limit, f"{kind}['body']")
    for name in ("header", "footer"):
        if isinstance(content.get(name), dict) and content[name].get("text"):
            _text_part(content[name], "text", 60, f"{kind}['{name}']")
    action = _part(content, "action", dict, kind)
    if form == "button":
        _check_buttons(_part(action, "buttons", list, "action"))
    elif form == "list":
        _text_part(action, "button", 20, "action")
        _check_rows(_part(action, "sections", list, "action"))


def _check_buttons(buttons: list[Content]) -> None:
    replies = [_part(button, "reply", dict, "button") for button in buttons]
    if len(replies) > BUTTON_LIMIT:
        raise not_allowed_value(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTON_LIMIT}")
    _check_unique([_text_part(reply, "id", 256, "reply") for reply in replies])
    _check_unique([_text_part(reply, "title", 20, "reply") for reply in replies])


def _check_rows(sections: list[Content]) -> None:
    rows = [row for section in sections for row in _part(section, "rows", list, "section")]
    if len(rows) > ROW_LIMIT:
        raise not_allowed_value(f"Total row count exceed max allowed count: {ROW_LIMIT}")
    _check_unique([_text_part(row, "id", 200, "row") for row in rows])
    for row in rows:
        _text_part(row, "title", 24, "row")
        if row.get("description"):
            _text_part(row, "description", 72, "row")


def _check_unique(words: list[str]) -> None:
    if len(set(words)) != len(words):
        raise not_allowed_value("Duplicated ids or titles are not allowed.")


CHECKS: dict[str, Callable[[Any, str], None]] = {
    "text": _check_text,
    "location": _check_location,
    "contacts": _check_contacts,
    "reaction": _check_reaction,
    "template": _check_template,
    "interactive": _check_interactive,
    **dict.fromkeys(MEDIA, _check_media),
}
