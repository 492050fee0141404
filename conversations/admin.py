"""Conversations in the admin: to be looked at. They are changed where agents work.

What colleagues say among themselves is shown to the installation's staff only: a tenant's administrator is not in it.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.backoffice import Page, Shown, TenantRowPage, pretty, sees_every_tenant
from accounts.permissions import Permission
from conversations.models import Attachment, Contact, ContactIdentity, Conversation, Label, Message
from conversations.serializers import preview
from conversations.statuses import ConversationKind


class IdentityInline(Shown, admin.TabularInline[ContactIdentity, Contact]):
    model = ContactIdentity
    fields = ("kind", "value")


@admin.register(Contact)
class ContactPage(Shown, Page[Contact]):
    """Customers and the names that Meta has for them."""

    list_display = ("display_name", "phone", "created_at")
    search_fields = ("name", "phone__startswith")
    fields = ("name", "phone", "created_at")
    inlines = (IdentityInline,)


@admin.register(Conversation)
class ConversationPage(Shown, Page[Conversation]):
    """Conversations, and the way to their messages."""

    list_display = ("__str__", "number", "status", "assignee", "unread_count", "last_message_at")
    list_filter = ("status",)
    list_select_related = ("contact", "number", "assignee")
    search_fields = ("title", "contact__name", "contact__phone__startswith")
    fields = (
        *("kind", "title", "contact", "number", "address", "status", "assignee", "team", "priority", "column"),
        *("unread_count", "last_message_at", "waiting_since", "window_expires_at", "snoozed_until"),
        *("version", "created_at", "thread"),
    )
    readonly_fields = ("thread",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        rows = super().get_queryset(request)
        return rows if sees_every_tenant(request) else rows.filter(kind=ConversationKind.CUSTOMER)

    @admin.display(description=_("messages"))
    def thread(self, conversation: Conversation) -> str:
        address = reverse("admin:conversations_message_changelist")
        return format_html('<a href="{}?conversation__id__exact={}">{}</a>', address, conversation.pk, _("Show them"))


class AttachmentInline(Shown, admin.TabularInline[Attachment, Message]):
    model = Attachment
    fields = ("filename", "mime_type", "size", "state", "error", "attempts", "media_id")


@admin.register(Message)
class MessagePage(Shown, Page[Message]):
    """Messages, newest first. Found by WhatsApp's id; there are too many to search their text here."""

    list_display = ("said_at", "conversation", "direction", "type", "status", "words")
    list_select_related = ("conversation__contact",)
    search_fields = ("wamid__exact",)
    inlines = (AttachmentInline,)
    fields = (
        *("conversation", "number", "direction", "type", "content", "pretty_metadata", "status", "sender", "contact"),
        *("wamid", "client_id", "reply_to", "reply_to_wamid", "error_code", "error_detail", "attempts"),
        *("said_at", "received_at", "sent_at", "delivered_at", "read_at", "failed_at", "edited_at", "deleted_at"),
        *("next_attempt_at", "version"),
    )
    readonly_fields = ("pretty_metadata",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        rows = super().get_queryset(request)
        return rows if sees_every_tenant(request) else rows.filter(conversation__kind=ConversationKind.CUSTOMER)

    @admin.display(description=_("content"))
    def words(self, message: Message) -> str:
        return preview(message, 60)

    @admin.display(description="metadata")
    def pretty_metadata(self, message: Message) -> str:
        return pretty(message.metadata)

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        return lookup == "conversation__id__exact" or super().lookup_allowed(lookup, value, request)


@admin.register(Label)
class LabelPage(TenantRowPage[Label]):
    """Labels."""

    permission = Permission.MANAGE_BOARDS
    list_display = ("name", "hue")
    search_fields = ("name",)
    fields = ("name", "hue")
