"""A template as agents choose it: cut at its placeholders, with fields and what probably belongs there."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from conversations.models import Conversation
from whatsapp import blueprints
from whatsapp.blueprints import PLACEHOLDER, Blueprint, Component, Placeholder
from whatsapp.models import Template
from whatsapp.payloads import TemplateButton


@dataclass(frozen=True, slots=True)
class Blank:
    """A field for one placeholder. Where a placeholder stands again it repeats what the first one says."""

    name: str
    label: str
    value: str
    example: str
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or the field that stands between them."""

    text: str = ""
    blank: Blank | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button, and the pieces of what is to be filled in for it."""

    shown: TemplateButton
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Choice:
    """A template to choose."""

    template: Template
    blueprint: Blueprint
    title: str
    header: list[Piece]
    body: list[Piece]
    buttons: list[Button]

    @property
    def words(self) -> str:
        """How its text will read, as far as that is known."""
        return "".join(piece.text or (piece.blank and piece.blank.value) or "[…]" for piece in self.body)


def choice(template: Template, conversation: Conversation) -> Choice:
    """A template with its fields, filled in from the conversation where that is likely right."""
    blueprint = blueprints.read(template.components)
    cutter = _Cutter({(each.component, each.name): each for each in blueprint.placeholders}, _known(conversation))
    return Choice(
        template=template,
        blueprint=blueprint,
        title=_spoken(template.name),
        header=list(cutter.cut("header", blueprint.header)),
        body=list(cutter.cut("body", blueprint.body)),
        buttons=[Button(each, list(cutter.button(place, each))) for place, each in enumerate(blueprint.buttons)],
    )


def _known(conversation: Conversation) -> dict[str, str]:
    """What a placeholder may suggest. Somebody who hides their name has none to be called by."""
    return {"contactName": conversation.contact.name if conversation.contact else ""}


def _spoken(name: str) -> str:
    """`retomar_atendimento` as people write it."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


@dataclass(slots=True)
class _Cutter:
    wanted: dict[tuple[Component, str], Placeholder]
    known: dict[str, str]
    met: set[str] = field(default_factory=set)

    def cut(self, component: Component, text: str) -> Iterator[Piece]:
        end = 0
        for found in PLACEHOLDER.finditer(text):
            if found.start() > end:
                yield Piece(text[end : found.start()])
            yield Piece(blank=self._blank(component, found[1]))
            end = found.end()
        if text[end:]:
            yield Piece(text[end:])

    def button(self, place: int, button: TemplateButton) -> Iterator[Piece]:
        """Nothing for a button that is as it is."""
        if ("buttons", str(place)) not in self.wanted:
            return
        before, *_rest = PLACEHOLDER.split(button.url)
        if before:
            yield Piece(before)
        yield Piece(blank=self._blank("buttons", str(place)))

    def _blank(self, component: Component, name: str) -> Blank:
        wanted, path = self.wanted[component, name], f"{component}.{name}"
        is_repeated = path in self.met
        self.met.add(path)
        label = wanted.example or _spoken(name)
        value = self.known.get(wanted.suggests or "", "")
        return Blank(path, label if name.isdecimal() else _spoken(name), value, wanted.example, is_repeated)
