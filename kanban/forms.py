"""What a move says when it comes as a form."""

from django import forms


class MoveForm(forms.Form):
    """Where a card goes: under `after`, over `before`, else on top of the column."""

    column = forms.UUIDField()
    after = forms.UUIDField(required=False)
    before = forms.UUIDField(required=False)
    version = forms.IntegerField(required=False, min_value=1)
