"""Whether a template was filled in as it was approved."""

from typing import Any

from simulator.errors import GraphError, not_allowed_value
from simulator.models import Medium, Template

Component = dict[str, Any]
KINDS = ("header", "body", "button")
NEEDING = {"URL": "url", "COPY_CODE": "copy_code"}  # the buttons that may need something, and what Meta calls them


def check(template: Template, sent: dict[str, Any]) -> None:
    """Raise 132000 for a wrong number of parameters, 132012 for parameters of a wrong kind."""
    parts = {kind: [each for each in sent.get("components") or [] if _kind(each) == kind] for kind in KINDS}
    _check_header(template, parts["header"])
    _check_text(template, "body", template.body, _parameters(parts["body"]))
    _check_buttons(template, parts["button"])


def _kind(component: Component) -> str:
    return str(component.get("type")).lower()


def _parameters(components: list[Component]) -> list[Component]:
    found = [each for component in components for each in component.get("parameters") or []]
    if not all(isinstance(each, dict) for each in found):
        raise _wrong_kind("components: parameters must be objects")
    return found


def _check_header(template: Template, components: list[Component]) -> None:
    header, given = template.part("HEADER"), _parameters(components)
    kind = str(header.get("format", "TEXT")).lower()
    if kind == "text":
        _check_text(template, "header", str(header.get("text", "")), given)
        return
    if len(given) != 1:
        raise _wrong_number("header", len(given), 1)
    file = given[0].get(kind)
    if given[0].get("type") != kind or not isinstance(file, dict):
        raise _wrong_kind(f"header: Format mismatch, expected {kind.upper()}, received {given[0].get('type')}")
    if file.get("id") and not Medium.objects.filter(media_id=file["id"]).exists():
        raise not_allowed_value(f"{file['id']} is not a valid whatsapp business account media attachment ID")


def _check_text(template: Template, where: str, text: str, given: list[Component]) -> None:
    wanted = Template.placeholders(text)
    if len(wanted) != len(given):
        raise _wrong_number(where, len(given), len(wanted))
    for each in given:
        words = each.get("text")
        if each.get("type") != "text" or not isinstance(words, str) or not words.strip():
            raise _wrong_kind(f"{where}: parameters must be texts that are not empty")
        if "\n" in words or "\t" in words or "     " in words:
            raise _wrong_kind(f"{where}: Param text cannot have new-line/tab characters or more than 4 spaces in a row")
    names = {each.get("parameter_name") for each in given}
    if template.is_named and names != set(wanted):
        raise _wrong_kind(f"{where}: Parameter name is missing or empty")
    if not template.is_named and names - {None}:
        raise _wrong_kind(f"{where}: this template takes parameters by their place")


def _check_buttons(template: Template, components: list[Component]) -> None:
    given = {str(each.get("index")): each for each in components if each.get("sub_type") != "quick_reply"}
    wanted = {
        str(place): NEEDING[button["type"]]
        for place, button in enumerate(template.buttons)
        if button["type"] == "COPY_CODE" or "{{" in button.get("url", "")
    }
    for place, kind in wanted.items():
        if place not in given:
            raise GraphError(
                131008,
                "(#131008) Required parameter is missing",
                f"buttons: Button at index {place} of type {kind.capitalize()} requires a parameter",
            )
        if given[place].get("sub_type") != kind or len(_parameters([given[place]])) != 1:
            raise _wrong_kind(f"buttons: Button at index {place} is of type {kind}")
    if spare := given.keys() - wanted.keys():
        raise _wrong_kind(f"buttons: Button at index {min(spare)} takes no parameter")


def _wrong_number(where: str, given: int, wanted: int) -> GraphError:
    details = f"{where}: number of localizable_params ({given}) does not match the expected number of params ({wanted})"
    return GraphError(132000, "(#132000) Number of parameters does not match", details)


def _wrong_kind(details: str) -> GraphError:
    return GraphError(132012, "(#132012) Parameter format does not match format in the created template", details)
