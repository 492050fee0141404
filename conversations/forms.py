"""What pages send: the composer, and the assignee."""

from typing import Any

from django import forms

from conversations.requests import LONGEST_PARAMETER, TemplateDraft, TemplateParameters
from conversations.statuses import MessageType


class MessageForm(forms.Form):
    """The composer. Length and emptiness are judged by the action, for socket and REST alike."""

    content = forms.CharField(required=False, strip=False)
    client_id = forms.CharField(required=False)
    reply_to = forms.UUIDField(required=False)
    attachment_id = forms.UUIDField(required=False)
    type = forms.ChoiceField(choices=MessageType, required=False)
    last_seen_seq = forms.IntegerField(required=False, min_value=0)
    template = forms.CharField(required=False, max_length=512)
    language = forms.CharField(required=False, max_length=16)

    def parts(self) -> dict[str, Any]:
        """As `actions.write_message` takes them."""
        sent = self.cleaned_data
        return {
            "client_id": sent["client_id"] or None,
            "type": MessageType(sent["type"] or MessageType.TEXT),
            "content": sent["content"],
            "reply_to_id": sent["reply_to"],
            "composed": self._template(),
            "attachment_ids": (sent["attachment_id"],) if sent["attachment_id"] else (),
            "last_seen_seq": sent["last_seen_seq"],
        }

    def _template(self) -> TemplateDraft | None:
        """The template with its fields, which are called as their placeholders: `body.1`."""
        name, language = self.cleaned_data["template"], self.cleaned_data["language"]
        if not name:
            return None
        parameters = {part: self._fields(f"{part}.") for part in TemplateParameters.__struct_fields__}
        return TemplateDraft(name=name, language=language, parameters=TemplateParameters(**parameters))

    def _fields(self, prefix: str) -> dict[str, str]:
        given = {name.removeprefix(prefix): text for name, text in self.data.items() if name.startswith(prefix)}
        return {name: str(text)[:LONGEST_PARAMETER] for name, text in given.items()}


class AssigneeForm(forms.Form):
    """Who takes care of a conversation; empty: nobody."""

    assignee = forms.UUIDField(required=False)
