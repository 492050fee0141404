"""Forms of the phone; the machine API checks its input with them too."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from simulator import ids
from simulator.errors import WEBHOOK_ERRORS
from simulator.models import Behaviour, Customer

MAX_UPLOAD = 100 * 1024 * 1024
SHORTEST_NUMBER, LONGEST_NUMBER = 8, 15  # E.164

if TYPE_CHECKING:
    BehaviourModelForm = forms.ModelForm[Behaviour]
else:
    BehaviourModelForm = forms.ModelForm


class BehaviourForm(BehaviourModelForm):
    """What happens next. A field that is missing has its normal value."""

    class Meta:
        model = Behaviour
        fields = [
            "customer",
            "outcome",
            "error_code",
            "answer",
            "webhook",
            "delay_seconds",
            "remaining",
            "sent_ms",
            "delivered_ms",
            "read_ms",
            "enforces_limits",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.required = False
            field.widget.attrs["id"] = f"behaviour-{name}"

    @property
    def error_codes(self) -> list[tuple[int, str]]:
        """The failures the page offers; the API takes any code."""
        return [(code, str(_(title))) for code, (title, _details) in WEBHOOK_ERRORS.items()]

    def clean(self) -> dict[str, Any]:
        """Fill in what was left out, and drop the uniqueness of the phone: a new behaviour replaces the old one."""
        data, normal = super().clean() or {}, Behaviour()
        for name in self.fields:
            if data.get(name) in (None, ""):
                data[name] = getattr(normal, name)
        return data

    def validate_unique(self) -> None:
        """A phone has one behaviour; this one takes the place of the one it had."""


class CustomerForm(forms.Form):
    """Somebody made up."""

    name = forms.CharField(max_length=80, label=_("Name"))
    phone = forms.CharField(max_length=30, label=_("WhatsApp number"))

    def clean_phone(self) -> str:
        """Digits with country code."""
        digits = ids.digits_of(self.cleaned_data["phone"])
        if not SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER:
            raise forms.ValidationError(_("A number with country code, 8 to 15 digits: +55 11 98765-4321."))
        return digits

    def save(self) -> Customer:
        """The customer, renamed if the number was known."""
        return Customer.met(self.cleaned_data["phone"], self.cleaned_data["name"])


class SpeechForm(forms.Form):
    """A text, with or without a file."""

    text = forms.CharField(max_length=4096, required=False, strip=True)
    file = forms.FileField(required=False)
    reply_to = forms.CharField(max_length=255, required=False)
    is_voice = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Something has to be said, and not too much of it."""
        data = super().clean() or {}
        if not (data.get("text") or data.get("file")):
            raise forms.ValidationError(_("Write something first."))
        if data.get("file") and data["file"].size > MAX_UPLOAD:
            raise forms.ValidationError(_("WhatsApp takes files up to 100 MB."))
        return data
