"""What Meta and the customers' phones remember."""

import re
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from simulator import ids

WINDOW = timedelta(hours=24)


class Number(models.Model):
    """A business phone number."""

    phone_number_id = models.CharField(max_length=64, primary_key=True)
    waba_id = models.CharField(max_length=64, db_index=True)
    display_phone_number = models.CharField(max_length=32)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def called(cls, phone_number_id: str) -> "Number":
        """The number with this id, made up if nobody has heard of it."""
        made_up = {
            "waba_id": f"waba-{phone_number_id}"[:64],
            "display_phone_number": f"55113{crc32(phone_number_id.encode()) % 10**7:07}",
            "name": phone_number_id,
        }
        return cls.objects.get_or_create(phone_number_id=phone_number_id, defaults=made_up)[0]


class Customer(models.Model):
    """A person with a WhatsApp account."""

    class Origin(models.TextChoices):
        """How this person came to be here."""

        READY = "ready"
        MADE = "made"
        CROWD = "crowd"

    wa_id = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=80)
    user_id = models.CharField(max_length=140, unique=True)
    username = models.CharField(max_length=40, blank=True)
    # With a username and a hidden phone, Meta leaves `from` and `wa_id` out of webhooks.
    hides_phone = models.BooleanField(default=False)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.MADE)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def reached_at(cls, phone: str) -> "Customer":
        """Who answers at this number, with or without Brazil's ninth digit; made up if nobody does yet."""
        digits = ids.digits_of(phone)
        known = cls.objects.filter(wa_id__in=ids.brazilian_variants(digits))
        exact_first = sorted(known, key=lambda customer: customer.wa_id != digits)
        return exact_first[0] if exact_first else cls.met(digits)

    @classmethod
    def met(cls, wa_id: str, name: str = "", origin: str = Origin.MADE) -> "Customer":
        """The customer with exactly this id, made if missing, renamed if a name is given."""
        made, is_new = cls.objects.get_or_create(
            wa_id=wa_id, defaults={"name": name or f"+{wa_id}", "user_id": ids.user_id(wa_id), "origin": origin}
        )
        if name and not is_new and made.name != name:
            made.name = name
            made.save(update_fields=["name"])
        return made

    @property
    def initials(self) -> str:
        """Two letters for the avatar; empty for somebody known by number only."""
        words = [word for word in self.name.split() if word[0].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def hue(self) -> int:
        """One of eight avatar colours."""
        return sum(map(ord, self.wa_id)) % 8


class Chat(models.Model):
    """What a customer and a business number have said to each other."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="chats")
    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="chats")
    last_heard_at = models.DateTimeField(null=True, help_text="When the customer last wrote.")
    last_message_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "number"], name="one_chat_per_pair")]

    def __str__(self) -> str:
        return f"{self.customer} – {self.number}"

    @classmethod
    def between(cls, customer: Customer, number: Number) -> "Chat":
        """The one chat of the two."""
        chat, _ = cls.objects.get_or_create(customer=customer, number=number)
        chat.customer, chat.number = customer, number
        return chat

    @property
    def key(self) -> str:
        """The pair as one word: what a phone looks at, and the lane of its webhooks."""
        return f"{self.customer_id}/{self.number_id}"

    @property
    def window_closes_at(self) -> datetime | None:
        """When free-form messages are refused; None when the simulator never heard the customer."""
        return self.last_heard_at and self.last_heard_at + WINDOW

    @property
    def is_window_closed(self) -> bool:
        """Whether the last word of the customer is known and too old."""
        closes_at = self.window_closes_at
        return closes_at is not None and closes_at < timezone.now()


class Message(models.Model):
    """One message, either way, with its content exactly as Meta's JSON has it."""

    class Status(models.TextChoices):
        """How far a message came, in this order."""

        ACCEPTED = "accepted", _("accepted")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        READ = "read", _("read")
        FAILED = "failed", _("failed")

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="messages")
    wamid = models.CharField(max_length=255, unique=True)
    is_from_customer = models.BooleanField()
    type = models.CharField(max_length=32)
    content = models.JSONField(default=dict)
    context_wamid = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=12, choices=Status)
    error_code = models.PositiveIntegerField(null=True)
    callback_data = models.CharField(max_length=512, blank=True, help_text="biz_opaque_callback_data")
    customer_reaction = models.CharField(max_length=32, blank=True)
    business_reaction = models.CharField(max_length=32, blank=True)
    hides_receipt = models.BooleanField(default=False, help_text="Opening the chat does not report it as read.")
    is_edited = models.BooleanField(default=False)
    is_revoked = models.BooleanField(default=False)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["chat", "id"])]

    def __str__(self) -> str:
        return self.wamid

    def advance(self, status: str, error_code: int | None = None) -> bool:
        """Move forward to this status; False when the message is there or further already."""
        order = list(self.Status)
        lower = order[: order.index(self.Status(status))]
        moved = Message.objects.filter(pk=self.pk, status__in=lower).update(status=status, error_code=error_code)
        return moved == 1


class Medium(models.Model):
    """A file that Meta keeps, uploaded by the business or sent by a customer."""

    media_id = models.CharField(max_length=20, primary_key=True, default=ids.media_id)
    number = models.ForeignKey(Number, on_delete=models.CASCADE)
    mime_type = models.CharField(max_length=120)
    filename = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.media_id


class Template(models.Model):
    """A message template; one without a WABA belongs to all of them."""

    waba_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=16)
    category = models.CharField(max_length=20)
    components = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["waba_id", "name", "language"], name="one_template_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @classmethod
    def of(cls, waba_id: str) -> "models.QuerySet[Template]":
        """The templates a WABA may send."""
        return cls.objects.filter(waba_id__in=["", waba_id])

    @property
    def body(self) -> str:
        """The text, with its placeholders."""
        return str(self.part("BODY").get("text", ""))

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons, in order."""
        return list(self.part("BUTTONS").get("buttons", []))

    @property
    def is_named(self) -> bool:
        """Whether its placeholders have names rather than numbers."""
        return any(not name.isdecimal() for name in self.placeholders(self.body))

    def part(self, kind: str) -> dict[str, Any]:
        """The component of this type; empty if it has none."""
        return next((part for part in self.components if part.get("type") == kind), {})

    @staticmethod
    def placeholders(text: str) -> list[str]:
        """The names in a text, each once."""
        return list(dict.fromkeys(re.findall(r"{{(\w+)}}", text)))

    @property
    def quick_replies(self) -> list[str]:
        """The words on the buttons a customer can answer with, in order; other buttons are left out."""
        return [button["text"] for button in self.buttons if button.get("type") == "QUICK_REPLY"]


class Behaviour(models.Model):
    """What happens next, on one customer's phone or (without a customer) on all of them."""

    class Outcome(models.TextChoices):
        """What becomes of an accepted message."""

        AUTO = "auto", _("Delivered, and read while the chat is open")
        DELIVERED = "delivered", _("Delivered, never read")
        READ = "read", _("Delivered and read, even with the chat closed")
        OFFLINE = "offline", _("Only sent: the phone is offline")
        FAILED = "failed", _("Fails later, by webhook")

    class Answer(models.TextChoices):
        """What Meta answers to a send."""

        ACCEPT = "accept", _("Accepts")
        EARLY = "early", _("Accepts, statuses arrive before the answer")
        RATE_LIMIT = "rate_limit", _("429: rate limit of the number (130429)")
        PAIR_LIMIT = "pair_limit", _("Pair rate limit (131056)")
        SERVER_ERROR = "server_error", _("500: something went wrong (131000)")
        BAD_TOKEN = "bad_token", _("Token expired (190)")
        TIMEOUT = "timeout", _("Accepts, but the answer never comes")
        REFUSE = "refuse", _("Drops the connection, nothing accepted")

    class Webhook(models.TextChoices):
        """How webhooks reach the helpdesk."""

        NORMAL = "normal", _("Once, signed, in order")
        DUPLICATE = "duplicate", _("Everything twice")
        REVERSED = "reversed", _("Out of order: read, delivered, sent")
        UNSIGNED = "unsigned", _("Without a signature")
        BAD_SIGNATURE = "bad_signature", _("With a wrong signature")

    customer = models.CharField(max_length=20, blank=True, unique=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.AUTO)
    error_code = models.PositiveIntegerField(default=131026)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.ACCEPT)
    webhook = models.CharField(max_length=16, choices=Webhook, default=Webhook.NORMAL)
    delay_seconds = models.FloatField(default=0, validators=[MinValueValidator(0), MaxValueValidator(3600)])
    remaining = models.PositiveIntegerField(null=True, blank=True, help_text="Messages left; None is until changed.")
    sent_ms = models.PositiveIntegerField(default=150)
    delivered_ms = models.PositiveIntegerField(default=400)
    read_ms = models.PositiveIntegerField(default=1500)
    enforces_limits = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.customer or "everybody"

    @property
    def is_normal(self) -> bool:
        """Whether nothing out of the ordinary is going to happen."""
        return not (self.bends_sends or self.bends_webhooks or self.enforces_limits)

    @property
    def bends_sends(self) -> bool:
        """Whether the business's sends fare differently."""
        return self.outcome != self.Outcome.AUTO or self.answer != self.Answer.ACCEPT

    @property
    def bends_webhooks(self) -> bool:
        """Whether webhooks, of sends and of customers' messages, travel differently."""
        return self.webhook != self.Webhook.NORMAL or self.delay_seconds > 0


class Webhook(models.Model):
    """A body that waits to be POSTed to the helpdesk; gone once it was answered with 200."""

    class Signing(models.TextChoices):
        """The X-Hub-Signature-256 header it is sent with."""

        GOOD = "good"
        BAD = "bad"
        NONE = "none"

    body = models.BinaryField()
    signing = models.CharField(max_length=4, choices=Signing, default=Signing.GOOD)
    # First attempts of one lane are posted one after the other, so that a chat arrives as it was written.
    lane = models.CharField(max_length=100, blank=True)
    messages = models.ManyToManyField(Message, related_name="webhooks")
    status = models.CharField(
        max_length=12, blank=True, help_text="The status it reports; empty for what customers say."
    )
    error_code = models.PositiveIntegerField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return f"webhook {self.pk}"
