"""Numbers and the inbox of webhook bodies in the admin."""

import json
import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.backoffice import Page, RowForm, Shown, TenantRowForm, TenantRowPage, pretty, sees_every_tenant
from accounts.permissions import Permission
from tenancy.scope import current_tenant_id
from whatsapp import bell, doorbell, inbox, media
from whatsapp.models import Delivery, EarlyUpdate, Number, NumberState, Template
from whatsapp.secrets import Sealed

SECRETS = ("access_token", "app_secret", "verify_token")
LONGEST_SHOWN = 200_000  # bytes of a body; Meta sends up to 3 MB


class NumberForm(RowForm):
    """A number. Its secrets go in and never come out; an empty field leaves one as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SECRETS:
            self.initial[name] = ""
            self.fields[name].widget = forms.PasswordInput(attrs={"autocomplete": "off", "size": 60})
            self.fields[name].help_text = _state_of(self.instance, name)

    def clean_display_number(self) -> str:
        """Digits, however it was written: Meta's news of a name are compared with them."""
        digits = re.sub(r"[^0-9]", "", self.cleaned_data["display_number"])
        if not digits:
            raise ValidationError(_("Write the number in digits, with the country's code."))
        return digits

    def clean_access_token(self) -> str:
        token: str = self.cleaned_data["access_token"]
        if not re.fullmatch("[!-~]*", token):  # it travels in a header
            raise ValidationError(_("An access token has neither blanks nor accents: copy it once more."))
        return token

    def clean(self) -> dict[str, Any]:
        """What was left empty is not among it, so that it stays in the row as it is."""
        cleaned = super().clean() or self.cleaned_data
        return {name: value for name, value in cleaned.items() if value or name not in SECRETS}


def _state_of(number: Number, name: str) -> str:
    if getattr(number, name):
        return gettext("Set. Empty: stays as it is.")
    is_sealed = isinstance(vars(number).get(name), Sealed)
    return gettext("Cannot be read, its key is gone: type it in again.") if is_sealed else gettext("Not set.")


class NewNumberForm(NumberForm, TenantRowForm):
    """Staff say whose number it is."""


@admin.register(Number)
class NumberPage(TenantRowPage[Number]):
    """Numbers. Only staff connect them: Meta's ids decide whose messages are whose."""

    permission = Permission.MANAGE_NUMBERS
    row_form, tenant_row_form = NumberForm, NewNumberForm
    list_display = ("display_number", "name", "state", "state_reason", "phone_number_id", "waba_id")
    list_filter = ("state",)
    search_fields = ("display_number", "name", "phone_number_id", "waba_id")
    fields = (
        *("phone_number_id", "waba_id", "display_number", "name", "state", "state_reason", "templates_problem"),
        *SECRETS,
    )
    actions = ("fetch_templates",)

    def get_readonly_fields(self, request: HttpRequest, obj: Number | None = None) -> Any:
        fixed = () if sees_every_tenant(request) else ("phone_number_id", "waba_id")
        return [*super().get_readonly_fields(request, obj), "state_reason", "templates_problem", *fixed]

    def has_add_permission(self, request: HttpRequest, obj: Number | None = None) -> bool:
        return sees_every_tenant(request)

    def has_delete_permission(self, request: HttpRequest, obj: Number | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Number, form: forms.ModelForm[Number], change: bool) -> None:  # noqa: FBT001 - Django's signature
        if "access_token" in form.changed_data and obj.state == NumberState.RECONNECT:
            obj.state, obj.state_reason = NumberState.CONNECTED, ""
        if "access_token" in form.changed_data:
            obj.templates_due_at = timezone.now()
        super().save_model(request, obj, form, change)
        if "access_token" in form.changed_data:
            media.fetch_now(obj)

    @admin.action(description=_("Fetch the templates now"))
    def fetch_templates(self, request: HttpRequest, numbers: QuerySet[Number]) -> None:
        accounts = sorted(set(numbers.values_list("tenant_id", "waba_id")))
        numbers.update(templates_due_at=timezone.now())
        for tenant_id, waba_id in accounts:
            doorbell.wake("whatsapp.tasks.fetch_templates", str(tenant_id), waba_id)
        messages.success(request, _("The templates are being fetched."))


@admin.register(Template)
class TemplatePage(Shown, Page[Template]):
    """The templates of the accounts, as Meta has them: they are written in WhatsApp Manager."""

    permission = Permission.MANAGE_NUMBERS
    list_display = ("name", "language", "category", "status", "is_sendable", "waba_id")
    list_filter = ("status", "category", "language")
    search_fields = ("name", "body")
    ordering = ("name",)
    fields = (
        "name",
        "language",
        "category",
        "status",
        "is_sendable",
        "waba_id",
        "meta_id",
        "body",
        "pretty_components",
    )
    readonly_fields = ("pretty_components",)

    @admin.display(description=_("components"))
    def pretty_components(self, template: Template) -> str:
        return pretty(template.components)


@admin.register(Delivery)
class DeliveryPage(Shown, Page[Delivery]):
    """The inbox: what came, what became of it, and once more. A tenant sees the bodies that are its alone."""

    tenant_field = ""
    list_display = ("id", "received_at", "state", "attempts", "problem_count")
    list_filter = ("state",)
    ordering = ("-id",)
    actions = ("replay",)
    fields = (
        *("state", "received_at", "processed_at", "attempts", "listed_problems"),
        *("signed_with", "tenant_ids", "pretty_body"),
    )
    readonly_fields = ("listed_problems", "pretty_body")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        found = Delivery.objects.order_by("-id").defer("body")
        return found if sees_every_tenant(request) else found.filter(tenant_ids=[current_tenant_id()])

    def get_urls(self) -> list[URLPattern]:
        replay = self.admin_site.admin_view(require_POST(self.replay_one))
        return [path("<int:delivery_id>/replay/", replay, name="whatsapp_delivery_replay"), *super().get_urls()]

    def replay_one(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """The button on a delivery's page."""
        self.get_object(request, str(delivery_id))
        self.replay(request, self.get_queryset(request).filter(pk=delivery_id))
        return HttpResponseRedirect(reverse("admin:whatsapp_delivery_change", args=[delivery_id]))

    @admin.action(description=_("Process once more"))
    def replay(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        count = 0
        for delivery in deliveries:
            inbox.replay(delivery)
            count += 1
        bell.ring()
        words = ngettext(
            "%(count)s delivery waits to be processed.", "%(count)s deliveries wait to be processed.", count
        )
        messages.success(request, words % {"count": count})

    @admin.display(description=_("problems"))
    def problem_count(self, delivery: Delivery) -> str:
        return str(len(delivery.problems) or "")

    @admin.display(description=_("problems"))
    def listed_problems(self, delivery: Delivery) -> str:
        lines = ((problem.get("at", ""), problem.get("reason", "")) for problem in delivery.problems)
        return format_html_join("\n", "<p><code>{}</code> {}</p>", lines) or "-"

    @admin.display(description=_("body"))
    def pretty_body(self, delivery: Delivery) -> str:
        return readable(bytes(delivery.body))


@admin.register(EarlyUpdate)
class EarlyUpdatePage(Shown, Page[EarlyUpdate]):
    """News of messages that have not come."""

    list_display = ("received_at", "number", "wamid")
    list_select_related = ("number",)
    search_fields = ("wamid__exact",)
    fields = ("number", "wamid", "received_at", "pretty_update")
    readonly_fields = ("pretty_update",)

    @admin.display(description=_("update"))
    def pretty_update(self, early: EarlyUpdate) -> str:
        return pretty(early.update)


def readable(body: bytes) -> str:
    """A body for people: its JSON laid out, or its beginning as it came."""
    try:
        return pretty(json.loads(body[: LONGEST_SHOWN + 1]))
    except (ValueError, RecursionError):
        return format_html("<pre>{}</pre>", body[:LONGEST_SHOWN].decode(errors="backslashreplace"))
