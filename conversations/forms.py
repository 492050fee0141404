"""What pages send: the composer, and the assignee."""

from django import forms


class MessageForm(forms.Form):
    """The composer. Length and emptiness are judged by the action, for socket and REST alike."""

    content = forms.CharField(required=False, strip=False)
    client_id = forms.CharField(required=False)
    reply_to = forms.UUIDField(required=False)


class AssigneeForm(forms.Form):
    """Who takes care of a conversation; empty: nobody."""

    assignee = forms.UUIDField(required=False)
