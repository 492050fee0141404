"""Things that go differently at once, at the push of a button."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simulator import bodies, ids, outbox, speech
from simulator.live import Change, audience
from simulator.models import WINDOW, Chat, Customer, Message, Number, Webhook

CROWD = 50
REVERSED = 5


@transaction.atomic
def crowd(chat: Chat) -> Webhook:
    """Fifty messages from fifty customers, in one POST."""
    people = [
        Customer.met(f"55119000000{n:02}", f"Multidão {n:02}", Customer.Origin.CROWD) for n in range(1, CROWD + 1)
    ]
    chats = [Chat.between(person, chat.number) for person in people]
    return speech.tell([speech.write(each, "text", {"body": _("Hello, is anybody there?")}) for each in chats])


@transaction.atomic
def burst(chat: Chat) -> Webhook:
    """Fifty messages from this customer, in one POST."""
    texts = [_("Message %(n)s of %(count)s") % {"n": n, "count": CROWD} for n in range(1, CROWD + 1)]
    return speech.tell([speech.write(chat, "text", {"body": text}) for text in texts])


@transaction.atomic
def backwards(chat: Chat) -> None:
    """Five messages, a second apart, whose webhooks come in reverse."""
    start = timezone.now() - timedelta(seconds=REVERSED)
    for n in range(1, REVERSED + 1):
        text = _("%(n)s of %(count)s, arrives backwards") % {"n": n, "count": REVERSED}
        message = speech.write(chat, "text", {"body": text}, said_at=start + timedelta(seconds=n))
        speech.tell([message], after_ms=60 * (REVERSED - n))


def poll(chat: Chat) -> speech.Said:
    """A type the Cloud API does not hand on."""
    return speech.say(chat, "unsupported", {"type": "poll_creation"})


@transaction.atomic
def stranger(chat: Chat) -> Webhook:
    """The same customer writes to a number that the helpdesk cannot know."""
    nobody = Number(phone_number_id="404404404404404", waba_id="404", display_phone_number="5511400000000", name="404")
    message = Message(
        chat=Chat(customer=chat.customer, number=nobody),
        wamid=ids.wamid(chat.customer_id, from_customer=True),
        is_from_customer=True,
        type="text",
        content={"body": _("Is this the bakery?")},
        said_at=timezone.now(),
    )
    return outbox.put(bodies.said([message]))


def close_window(chat: Chat) -> None:
    """As if the customer had last written 25 hours ago: free-form sends are refused from now on."""
    Chat.objects.filter(pk=chat.pk).update(last_heard_at=timezone.now() - WINDOW - timedelta(hours=1))
    audience.tell(Change("behaviour"))


MISHAPS = {
    "crowd": (gettext_lazy("50 customers at once"), crowd),
    "burst": (gettext_lazy("50 messages at once"), burst),
    "backwards": (gettext_lazy("5 messages backwards"), backwards),
    "poll": (gettext_lazy("A poll (unsupported type)"), poll),
    "stranger": (gettext_lazy("To an unknown number"), stranger),
    "close_window": (gettext_lazy("Close the 24-hour window"), close_window),
}
