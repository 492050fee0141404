"""What a template is made of: its texts, its buttons, and what has to be filled in before it can be sent.

Source: Cloud API, templates/overview and messages/template-messages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from whatsapp.payloads import ComponentPart, TemplateButton, TemplateExample, as_part, parts_of

MEDIA_HEADERS = frozenset({"IMAGE", "VIDEO", "DOCUMENT"})
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
Component = Literal["header", "body", "buttons"]
Suggestion = Literal["contactName"]
_PARTS = {"HEADER", "BODY", "FOOTER", "BUTTONS"}
_BUTTONS = {"QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"}
_NAMES = re.compile(
    r"(?:primeiro_|first_)?(?:nome|name)(?:_(?:do_|da_)?(?:cliente|contato|customer|contact|completo))?"
    r"|(?:customer|client|contact|full|user)_?name|cliente|customer|contato",
    re.IGNORECASE,
)
_GREETED = re.compile(
    r"(?:ol[áa]|oie?|bom dia|boa tarde|boa noite|prezad[oa](?:\(a\))?|car[oa](?:\(a\))?|e a[íi]|hi|hello|hey|dear"
    r"|good (?:morning|afternoon|evening))[\s,!*_]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A gap: of the header, the body or the buttons, where `name` is the place of the button, counted from 0.

    `suggests` is what of a conversation probably belongs there.
    """

    component: Component
    name: str
    example: str
    suggests: Suggestion | None = None

    @property
    def path(self) -> str:
        """Where its value stands in a request."""
        return f"template.parameters.{self.component}.{self.name}"


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A template, read. `header_format` is empty without a header."""

    header_format: str
    header: str
    body: str
    footer: str
    buttons: tuple[TemplateButton, ...]
    placeholders: tuple[Placeholder, ...]
    is_sendable: bool

    @property
    def takes_file(self) -> bool:
        """Whether its header is a picture, a video or a document."""
        return self.header_format in MEDIA_HEADERS


def read(components: Any) -> Blueprint:
    """The blueprint of a template's components; one that nobody can fill in from here is not sendable."""
    parts = {part.type.upper(): part for part in parts_of(ComponentPart, components)}
    header, body = parts.get("HEADER"), parts.get("BODY", ComponentPart("BODY"))
    buttons = tuple(parts_of(TemplateButton, parts["BUTTONS"].buttons)) if "BUTTONS" in parts else ()
    return Blueprint(
        header_format=header.format.upper() if header else "",
        header=header.text if header else "",
        body=body.text,
        footer=parts["FOOTER"].text if "FOOTER" in parts else "",
        buttons=buttons,
        placeholders=(*_of_header(header), *_of_body(body), *_of_buttons(buttons)),
        is_sendable=bool(body.text) and _can_fill(parts, header, buttons),
    )


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders filled in; those without a value stay."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def names_in(text: str) -> list[str]:
    """The names of its placeholders, each once: numbered ones by number, others as they come."""
    names = list(dict.fromkeys(PLACEHOLDER.findall(text)))
    return sorted(names, key=int) if all(map(str.isdecimal, names)) else names


def _can_fill(parts: dict[str, ComponentPart], header: ComponentPart | None, buttons: Sequence[TemplateButton]) -> bool:
    known_header = header is None or header.format.upper() in {"TEXT", *MEDIA_HEADERS}
    return known_header and parts.keys() <= _PARTS and all(button.type.upper() in _BUTTONS for button in buttons)


def _of_header(header: ComponentPart | None) -> Iterator[Placeholder]:
    if header is None:
        return
    example = as_part(TemplateExample, header.example) or TemplateExample()
    examples = _examples(example.header_text, example.header_text_named_params)
    yield from _of_text("header", header.text, examples)


def _of_body(body: ComponentPart) -> Iterator[Placeholder]:
    example = as_part(TemplateExample, body.example) or TemplateExample()
    examples = _examples(next(iter(example.body_text), []), example.body_text_named_params)
    yield from _of_text("body", body.text, examples)


def _examples(numbered: Sequence[str], named: Sequence[dict[str, Any]]) -> dict[str, str]:
    return {str(place): each for place, each in enumerate(numbered, 1)} | {
        str(each.get("param_name")): str(each.get("example", "")) for each in named
    }


def _of_text(component: Component, text: str, examples: dict[str, str]) -> Iterator[Placeholder]:
    for name in names_in(text):
        yield Placeholder(component, name, examples.get(name, ""), _suggestion(name, text))


def _suggestion(name: str, text: str) -> Suggestion | None:
    """Whether it is the customer's name that belongs there: called so, or greeted by the words before it."""
    if not name.isdecimal():
        return "contactName" if _NAMES.fullmatch(name) else None
    place = PLACEHOLDER.search(text)
    is_first = place is not None and place[1] == name
    return "contactName" if place and is_first and _addresses(text, place) else None


def _addresses(text: str, place: "re.Match[str]") -> bool:
    before, after = text[: place.start()], text[place.end() :]
    return bool(_GREETED.search(before)) or (not before.strip(" *_") and after.startswith((",", "!", "*,")))


def _of_buttons(buttons: Sequence[TemplateButton]) -> Iterator[Placeholder]:
    for place, button in enumerate(buttons):
        example = button.example[0] if isinstance(button.example, list) and button.example else button.example
        if button.type.upper() == "COPY_CODE" or PLACEHOLDER.search(button.url):
            yield Placeholder("buttons", str(place), _last_part(str(example or ""), button.url))


def _last_part(example: str, url: str) -> str:
    """Of a whole address the part that is to be filled in."""
    return example.removeprefix(PLACEHOLDER.split(url)[0]) if url else example
