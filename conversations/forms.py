"""What pages send: the composer, and the assignee."""

from typing import Any

from django import forms

from conversations.statuses import MessageType


class MessageForm(forms.Form):
    """The composer. Length and emptiness are judged by the action, for socket and REST alike."""

    content = forms.CharField(required=False, strip=False)
    client_id = forms.CharField(required=False)
    reply_to = forms.UUIDField(required=False)
    attachment_id = forms.UUIDField(required=False)
    type = forms.ChoiceField(choices=MessageType, required=False)
    last_seen_seq = forms.IntegerField(required=False, min_value=0)

    def parts(self) -> dict[str, Any]:
        """As `actions.write_message` takes them."""
        sent = self.cleaned_data
        return {
            "client_id": sent["client_id"] or None,
            "type": MessageType(sent["type"] or MessageType.TEXT),
            "content": sent["content"],
            "reply_to_id": sent["reply_to"],
            "attachment_ids": (sent["attachment_id"],) if sent["attachment_id"] else (),
            "last_seen_seq": sent["last_seen_seq"],
        }


class AssigneeForm(forms.Form):
    """Who takes care of a conversation; empty: nobody."""

    assignee = forms.UUIDField(required=False)
