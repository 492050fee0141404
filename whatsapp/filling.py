"""A template with everything filled in: its words for our thread, and its components for Meta."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from conversations import sendable
from conversations.errors import BadRequest, NotFound
from conversations.models import Attachment, Conversation
from conversations.requests import TemplateDraft
from conversations.statuses import MessageType
from conversations.templating import Worded
from whatsapp import blueprints, queries
from whatsapp.blueprints import PLACEHOLDER, Blueprint

Values = dict[str, dict[str, str]]  # by component, by name


def word(conversation: Conversation, draft: TemplateDraft, files: Sequence[Attachment]) -> Worded:
    """Fill a template in. Raises NotFound for one that cannot be sent over the conversation's number, BadRequest for
    what is missing or too much, and what `sendable.check` raises for the file of its header.
    """
    template = queries.template_for(conversation.number, draft.name, draft.language)
    if template is None:
        raise NotFound(
            _("There is no such template, or WhatsApp has not approved it."), fields={"template": draft.name}
        )
    blueprint = blueprints.read(template.components)
    values = _values(blueprint, draft)
    _check_file(blueprint, files)
    shown = _shown(blueprint, values)
    facts = {"name": template.name, "language": template.language, "category": template.category}
    return Worded(
        blueprints.fill(blueprint.body, values["body"]),
        {"template": {**facts, **shown, "components": _components(blueprint, values)}},
    )


def _values(blueprint: Blueprint, draft: TemplateDraft) -> Values:
    """What stands in each placeholder, in one line: Meta takes neither breaks nor runs of spaces."""
    given = {part: getattr(draft.parameters, part) for part in ("header", "body", "buttons")}
    values = {part: {name: _line(text) for name, text in texts.items()} for part, texts in given.items()}
    wanted = {(each.component, each.name): each for each in blueprint.placeholders}
    missing = [each.path for at, each in wanted.items() if not values[at[0]].get(at[1])]
    spare = [
        f"template.parameters.{part}.{name}" for part in values for name in values[part] if (part, name) not in wanted
    ]
    if missing or spare:
        fields = dict.fromkeys(missing, _("Fill this in.")) | dict.fromkeys(spare, _("The template has no such place."))
        raise BadRequest(_("This does not fit the template."), fields=fields)
    return values


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _check_file(blueprint: Blueprint, files: Sequence[Attachment]) -> None:
    if blueprint.takes_file and len(files) == 1:
        sendable.check(files[0], MessageType(blueprint.header_format), "")
    elif blueprint.takes_file:
        raise BadRequest(fields={"attachmentIds": _("Attach the file that this template shows on top.")})
    elif files:
        raise BadRequest(fields={"attachmentIds": _("This template shows no file.")})


def _shown(blueprint: Blueprint, values: Values) -> dict[str, Any]:
    return {
        "header": blueprints.fill(blueprint.header, values["header"]),
        "footer": blueprint.footer,
        "buttons": [
            {
                "type": button.type.upper(),
                "text": button.text or values["buttons"].get(str(place), ""),
                **({"url": _address(button.url, values["buttons"].get(str(place), ""))} if button.url else {}),
                **({"phoneNumber": button.phone_number} if button.phone_number else {}),
            }
            for place, button in enumerate(blueprint.buttons)
        ],
    }


def _address(url: str, part: str) -> str:
    return PLACEHOLDER.sub(lambda _found: part, url)


def _components(blueprint: Blueprint, values: Values) -> list[dict[str, Any]]:
    """As Meta wants them. A header's file joins them when Meta has it."""
    texts = [
        {"type": part, "parameters": _parameters(text, values[part])}
        for part, text in (("header", blueprint.header), ("body", blueprint.body))
        if values[part]
    ]
    return [*texts, *(_button(blueprint, place, text) for place, text in values["buttons"].items())]


def _parameters(text: str, values: dict[str, str]) -> list[dict[str, str]]:
    """By place, or by name: never both in one template."""
    return [
        {"type": "text", **({} if name.isdecimal() else {"parameter_name": name}), "text": values[name]}
        for name in blueprints.names_in(text)
    ]


def _button(blueprint: Blueprint, place: str, text: str) -> dict[str, Any]:
    is_code = blueprint.buttons[int(place)].type.upper() == "COPY_CODE"
    parameter = {"type": "coupon_code", "coupon_code": text} if is_code else {"type": "text", "text": text}
    return {"type": "button", "sub_type": "copy_code" if is_code else "url", "index": place, "parameters": [parameter]}
