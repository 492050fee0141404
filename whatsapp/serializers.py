"""Templates on the wire."""

from events.objects import WireObject
from whatsapp import blueprints
from whatsapp.models import Template
from whatsapp.payloads import TemplateButton
from whatsapp.queries import TemplatePage


class TemplateHeaderObject(WireObject, frozen=True):
    """What stands over the text: a TEXT, or the IMAGE, VIDEO or DOCUMENT that is sent along."""

    format: str
    text: str


class TemplateButtonObject(WireObject, frozen=True):
    """What stands below it: QUICK_REPLY, URL, PHONE_NUMBER or COPY_CODE."""

    type: str
    text: str
    url: str
    phone_number: str


class PlaceholderObject(WireObject, frozen=True):
    """What is to be filled in; of a button, `name` is its place. `suggests`: what probably belongs there."""

    component: blueprints.Component
    name: str
    example: str
    suggests: blueprints.Suggestion | None


class TemplateObject(WireObject, frozen=True):
    """A template that can be sent."""

    id: str
    name: str
    language: str
    category: str
    header: TemplateHeaderObject | None
    body: str
    footer: str
    buttons: list[TemplateButtonObject]
    placeholders: list[PlaceholderObject]


class TemplatePageObject(WireObject, frozen=True):
    """By name; `cursor` asks for the next page, null on the last."""

    items: list[TemplateObject]
    cursor: str | None


def template_object(template: Template) -> TemplateObject:
    """One template."""
    blueprint = blueprints.read(template.components)
    header = TemplateHeaderObject(format=blueprint.header_format, text=blueprint.header)
    return TemplateObject(
        id=str(template.pk),
        name=template.name,
        language=template.language,
        category=template.category,
        header=header if blueprint.header_format else None,
        body=blueprint.body,
        footer=blueprint.footer,
        buttons=[_button(each) for each in blueprint.buttons],
        placeholders=[_placeholder(each) for each in blueprint.placeholders],
    )


def template_page_object(page: TemplatePage) -> TemplatePageObject:
    """A page of them."""
    return TemplatePageObject(items=[template_object(row) for row in page.items], cursor=page.cursor)


def _button(button: TemplateButton) -> TemplateButtonObject:
    return TemplateButtonObject(
        type=button.type.upper(), text=button.text, url=button.url, phone_number=button.phone_number
    )


def _placeholder(each: blueprints.Placeholder) -> PlaceholderObject:
    return PlaceholderObject(component=each.component, name=each.name, example=each.example, suggests=each.suggests)
