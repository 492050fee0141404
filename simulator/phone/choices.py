"""The buttons under a message of the business, and what the customer says by pressing one."""

from dataclasses import dataclass
from typing import Any

from simulator.models import Message, Template


@dataclass(frozen=True)
class Choice:
    """One button or row. Pressing it sends a message of this type with this content."""

    label: str
    kind: str
    content: dict[str, Any]
    description: str = ""


def choices(message: Message, template: Template | None = None) -> list[Choice]:
    """What the customer can press, in order; `template` is the sent template, where it is one."""
    if message.type == "template" and template is not None:
        return _quick_replies(message.content, template)
    form = message.content.get("type") if message.type == "interactive" else None
    action = message.content.get("action", {})
    if form == "button":
        return [_button(each["reply"]) for each in action["buttons"]]
    if form == "list":
        return [_row(row) for section in action["sections"] for row in section["rows"]]
    return []


def _button(reply: dict[str, Any]) -> Choice:
    content = {"type": "button_reply", "button_reply": {"id": reply["id"], "title": reply["title"]}}
    return Choice(reply["title"], "interactive", content)


def _row(row: dict[str, Any]) -> Choice:
    description = row.get("description", "")
    reply = {"id": row["id"], "title": row["title"]} | ({"description": description} if description else {})
    return Choice(row["title"], "interactive", {"type": "list_reply", "list_reply": reply}, description)


def _quick_replies(sent: dict[str, Any], template: Template) -> list[Choice]:
    """A quick reply brings the payload that the business sent for its place, else its own words."""
    payloads = {
        str(each.get("index")): each["parameters"][0].get("payload", "")
        for each in sent.get("components") or []
        if each.get("sub_type") == "quick_reply" and each.get("parameters")
    }
    return [
        Choice(text, "button", {"payload": payloads.get(str(place)) or text, "text": text})
        for place, text in enumerate(template.quick_replies)
    ]
