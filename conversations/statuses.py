"""The states of messages and conversations, and which may follow which: tables, not code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    """Who speaks to whom."""

    INBOUND = "INBOUND", _("from the customer")
    OUTBOUND = "OUTBOUND", _("to the customer")
    INTERNAL = "INTERNAL", _("among us")


class MessageType(models.TextChoices):
    """What a message is made of."""

    TEXT = "TEXT", _("Text")
    IMAGE = "IMAGE", _("Picture")
    VIDEO = "VIDEO", _("Video")
    AUDIO = "AUDIO", _("Audio")
    VOICE = "VOICE", _("Voice note")
    DOCUMENT = "DOCUMENT", _("Document")
    STICKER = "STICKER", _("Sticker")
    LOCATION = "LOCATION", _("Location")
    CONTACTS = "CONTACTS", _("Contact card")
    INTERACTIVE = "INTERACTIVE", _("Interactive message")
    BUTTON = "BUTTON", _("Button")
    TEMPLATE = "TEMPLATE", _("Template")
    REACTION = "REACTION", _("Reaction")
    ORDER = "ORDER", _("Order")
    SYSTEM = "SYSTEM", _("System message")
    UNSUPPORTED = "UNSUPPORTED", _("Unsupported message")
    NOTE = "NOTE", _("Note")
    ACTIVITY = "ACTIVITY", _("Activity")


MEDIA_TYPES = frozenset(
    {
        MessageType.IMAGE,
        MessageType.VIDEO,
        MessageType.AUDIO,
        MessageType.VOICE,
        MessageType.DOCUMENT,
        MessageType.STICKER,
    }
)


class MessageStatus(models.TextChoices):
    """How far a message has come. An inbound message is READ once an agent has read it, DELIVERED before."""

    PENDING = "PENDING", _("waiting to be sent")
    SENDING = "SENDING", _("being sent")
    SENT = "SENT", _("sent")
    DELIVERED = "DELIVERED", _("delivered")
    READ = "READ", _("read")
    FAILED = "FAILED", _("failed")
    RECALLED = "RECALLED", _("recalled")


_S = MessageStatus
# status -> the statuses it may replace. FAILED stands against a late SENT; a real DELIVERED or READ after it wins.
MAY_REPLACE: dict[MessageStatus, frozenset[MessageStatus]] = {
    _S.PENDING: frozenset({_S.SENDING, _S.FAILED}),  # back to the queue after a transient error; or retried by hand
    _S.SENDING: frozenset({_S.PENDING}),
    _S.SENT: frozenset({_S.PENDING, _S.SENDING}),
    _S.DELIVERED: frozenset({_S.PENDING, _S.SENDING, _S.SENT, _S.FAILED}),
    _S.READ: frozenset({_S.PENDING, _S.SENDING, _S.SENT, _S.DELIVERED, _S.FAILED}),
    _S.FAILED: frozenset({_S.PENDING, _S.SENDING, _S.SENT}),
    _S.RECALLED: frozenset({_S.PENDING}),
}

# Our own error codes, beside WhatsApp's numbers.
LOST_ANSWER = "lost_answer"
NO_ATTEMPTS_LEFT = "no_attempts_left"
NOT_CONNECTED = "not_connected"
FILE_MISSING = "file_missing"

# What Meta calls progress, lowest first: of several early statuses the highest is applied last.
PROGRESS: tuple[MessageStatus, ...] = (_S.FAILED, _S.SENT, _S.DELIVERED, _S.READ)


class NotificationKind(models.TextChoices):
    """Why somebody is told."""

    ASSIGNED = "ASSIGNED", _("Assigned to you")
    MESSAGE = "MESSAGE", _("A customer of yours wrote")
    DIRECT = "DIRECT", _("A colleague wrote to you")
    MENTION = "MENTION", _("You were mentioned")
    REACTION_REFUSED = "REACTION_REFUSED", _("Your reaction was not sent")


class ConversationKind(models.TextChoices):
    """With whom a conversation is held."""

    CUSTOMER = "CUSTOMER", _("Customer")
    DIRECT = "DIRECT", _("Direct")
    GROUP = "GROUP", _("Group")


class GroupRole(models.TextChoices):
    """What somebody is in a group; conversations/rights.py says what each may do there."""

    ADMIN = "ADMIN", _("Administrator")
    MODERATOR = "MODERATOR", _("Moderator")
    MEMBER = "MEMBER", _("Member")


class ReceiptKind(models.TextChoices):
    """How far a colleague has come with a chat."""

    DELIVERED = "DELIVERED", _("delivered")
    READ = "READ", _("read")


class ConversationStatus(models.TextChoices):
    """Where the work on a conversation stands."""

    OPEN = "OPEN", _("Open")
    PENDING = "PENDING", _("Waiting for the customer")
    SNOOZED = "SNOOZED", _("Snoozed")
    RESOLVED = "RESOLVED", _("Resolved")


class Priority(models.IntegerChoices):
    """How urgent agents think a conversation is."""

    LOW = -1, _("Low")
    NORMAL = 0, _("Normal")
    HIGH = 1, _("High")
    URGENT = 2, _("Urgent")
