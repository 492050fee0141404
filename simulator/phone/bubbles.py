"""Messages as the phone shows them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from simulator.errors import WEBHOOK_ERRORS
from simulator.models import Chat, Message, Template
from simulator.phone.choices import Choice, choices

NOT_A_BUBBLE = ["reaction"]
NEWEST = 150
# Which part of the content is its text; for all others it is the caption.
FILES = ("image", "video", "document")
TEXT_PARTS = {"text": "body", "button": "text", "location": "name"}


@dataclass(frozen=True)
class Bubble:
    """A message with everything its fragment needs."""

    message: Message
    text: str
    quoted: "Bubble | None"
    choices: list[Choice]
    heading: str = ""
    footing: str = ""

    @property
    def kind(self) -> str:
        """What it looks like: a template with a file on top like that file."""
        return next((name for name in FILES if name in self._file), self.message.type)

    @property
    def file(self) -> dict[str, Any]:
        """The file in it, as it was sent."""
        content = self._file.get(self.kind, self.message.content)
        return content if isinstance(content, dict) else {}

    @property
    def media_id(self) -> str:
        """The same, if Meta keeps it."""
        return str(self.file.get("id", ""))

    @property
    def _file(self) -> dict[str, Any]:
        """The parameter of a template's header, if its header is a file."""
        given = _parameters(self.message.content, "header") if self.message.type == "template" else []
        return given[0] if given else {}

    @property
    def is_voice(self) -> bool:
        """Whether it was recorded in the chat."""
        return bool(self.message.content.get("voice"))

    @property
    def failure(self) -> str:
        """Why it failed, in words."""
        title = WEBHOOK_ERRORS.get(self.message.error_code or 0, ("Something went wrong", ""))[0]
        return _(title)

    @property
    def preview(self) -> str:
        """One line for lists and quotes."""
        if self.message.is_revoked:
            return _("You deleted this message")
        return self.text or KINDS.get(self.message.type, lambda: self.message.type)()


# Functions, so that the words are in the language of the moment.
KINDS = {
    "image": lambda: _("Photo"),
    "audio": lambda: _("Voice message"),
    "video": lambda: _("Video"),
    "document": lambda: _("Document"),
    "sticker": lambda: _("Sticker"),
    "location": lambda: _("Location"),
    "contacts": lambda: _("Contact"),
    "template": lambda: _("Template"),
    "unsupported": lambda: _("Poll"),
}


def of_chat(chat: Chat) -> list[Bubble]:
    """The newest bubbles of a chat, in the order they came."""
    newest = chat.messages.exclude(type__in=NOT_A_BUBBLE).order_by("-pk")[:NEWEST]
    return of_messages(reversed(newest.select_related("chat")), chat)


def of_messages(messages: Iterable[Message], chat: Chat) -> list[Bubble]:
    """Bubbles for messages of one chat; two queries, however many."""
    shown = list(messages)
    quoted_ids = {message.context_wamid for message in shown} - {""}
    quoted = {message.wamid: message for message in chat.messages.filter(wamid__in=quoted_ids)}
    names = {message.content["name"] for message in shown if message.type == "template"}
    templates = (
        {(t.name, t.language): t for t in Template.of(chat.number.waba_id).filter(name__in=names)} if names else {}
    )
    return [_bubble(message, quoted.get(message.context_wamid), templates) for message in shown]


def _bubble(message: Message, quoted: Message | None, templates: dict[tuple[str, str], Template]) -> Bubble:
    template = None
    if message.type == "template":
        template = templates.get((message.content["name"], message.content["language"]["code"]))
    quote = _bubble(quoted, None, templates) if quoted else None
    frame = [_framed(message, template, part) for part in ("header", "footer")]
    return Bubble(message, words(message, template), quote, choices(message, template), *frame)


def _framed(message: Message, template: Template | None, part: str) -> str:
    """The line over or under the text."""
    if message.type == "template" and template:
        text = str(template.part(part.upper()).get("text", ""))
        return _filled(text, _parameters(message.content, part))
    content = message.content if message.type == "interactive" else {}
    return str((content.get(part) or {}).get("text", ""))


def words(message: Message, template: Template | None = None) -> str:
    """The text of a message, or the caption; empty where there is none."""
    content = message.content
    if message.type == "template":
        return _filled(template.body, _parameters(content, "body")) if template else str(content["name"])
    if message.type == "contacts":
        return ", ".join(card.get("name", {}).get("formatted_name", "") for card in content)
    if message.type == "interactive":
        return _interactive(content)
    return str(content.get(TEXT_PARTS.get(message.type, "caption"), ""))


def _interactive(content: dict[str, Any]) -> str:
    """The body the business wrote, or the title the customer pressed."""
    reply = content.get(content.get("type", ""))
    return str(reply.get("title", "")) if isinstance(reply, dict) else str(content["body"]["text"])


def _parameters(sent: dict[str, Any], part: str) -> list[dict[str, Any]]:
    parts = [each for each in sent.get("components") or [] if str(each.get("type")).lower() == part]
    return [parameter for each in parts for parameter in each.get("parameters", [])]


def _filled(text: str, parameters: list[dict[str, Any]]) -> str:
    """A text of a template with the sent parameters in place, by name or by position."""
    values = {
        each.get("parameter_name") or str(place): each.get("text", "…") for place, each in enumerate(parameters, 1)
    }
    return re.sub(r"{{(\w+)}}", lambda found: values.get(found[1], found[0]), text)
