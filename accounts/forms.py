"""What people fill in about themselves."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import throttling
from accounts.models import User


class SignInForm(AuthenticationForm):
    """E-mail and password. One message for a wrong address and a wrong password, so that none can be found out."""

    error_messages = {
        "invalid_login": _("This e-mail and password do not belong together. Check both and try again."),
        "inactive": _("This e-mail and password do not belong together. Check both and try again."),
        "blocked": _("Too many attempts. Wait ten minutes and try again."),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("E-mail")
        self.fields["username"].widget = forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"

    def clean(self) -> dict[str, Any]:
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        email = self.cleaned_data.get("username", "")
        try:
            with throttling.attempt(address, email, wrong=ValidationError):
                return super().clean()
        except throttling.Blocked as blocked:
            raise ValidationError(self.error_messages["blocked"], code="blocked") from blocked

    def confirm_login_allowed(self, user: User) -> None:
        """Whoever would be signed out with the next page is told so here."""
        super().confirm_login_allowed(user)
        if not user.may_enter:
            raise self.get_invalid_login_error()


class PasswordForm(PasswordChangeForm):
    """A new password for whoever knows the old one. Whoever finds a screen unlocked cannot guess for long."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("This is not your password now."),
        "blocked": SignInForm.error_messages["blocked"],
    }

    def __init__(self, user: User, *args: Any, address: str = "", **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self._address = address
        self.fields["old_password"].label = _("Password now")
        self.fields["new_password2"].label = _("New password again")
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)

    def clean_old_password(self) -> str:
        try:
            with throttling.attempt(self._address, self.user.email, wrong=ValidationError):
                return str(super().clean_old_password())
        except throttling.Blocked as blocked:
            raise ValidationError(self.error_messages["blocked"], code="blocked") from blocked
