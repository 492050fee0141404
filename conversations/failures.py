"""Why a message failed, in plain words with the cure: WhatsApp's error codes and our own."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.statuses import FILE_MISSING, LOST_ANSWER, NO_ATTEMPTS_LEFT, NOT_CONNECTED


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong and what to do about it."""

    title: str | Promise
    advice: str | Promise


_RECONNECT = Failure(_("The number is not connected."), _("An administrator has to connect it again; then retry."))
_BUSY = Failure(_("WhatsApp is too busy."), _("Retry in a few minutes."))
_REJECTED = Failure(_("WhatsApp did not accept the message."), _("Check what is written and retry."))
_MEDIA = Failure(_("WhatsApp did not accept the file."), _("Check its type and size and send it again."))
_TEMPLATE = Failure(_("WhatsApp did not accept the template."), _("Choose it again with all its fields filled."))
_RESTRICTED = Failure(
    _("WhatsApp has restricted this account."), _("An administrator has to look at it in WhatsApp Manager.")
)

FAILURES: dict[str, Failure] = {
    LOST_ANSWER: Failure(
        _("WhatsApp's answer was lost."), _("It may have been sent: ask the customer before you retry.")
    ),
    NO_ATTEMPTS_LEFT: Failure(_("WhatsApp could not be reached."), _("Retry when the connection is back.")),
    NOT_CONNECTED: _RECONNECT,
    FILE_MISSING: Failure(_("The file is not there any more."), _("Attach it again.")),
    **dict.fromkeys(["0", "190", "3", "10", "200", "131005", "131045", "133010", "133000", "133006"], _RECONNECT),
    **dict.fromkeys(["368", "131031", "131037", "131042", "131044", "131064"], _RESTRICTED),
    **dict.fromkeys(["1", "2", "4", "80007", "130429", "131000", "131016", "131056", "131057", "133004"], _BUSY),
    **dict.fromkeys(["100", "33", "131008", "131009", "131021", "131051", "135000"], _REJECTED),
    **dict.fromkeys(["131052", "131053"], _MEDIA),
    **dict.fromkeys(
        ["132000", "132001", "132005", "132007", "132008", "132012", "132015", "132016", "132018"], _TEMPLATE
    ),
    "131026": Failure(
        _("This message cannot be delivered."), _("The customer may not be on WhatsApp or uses an old version.")
    ),
    "131030": Failure(
        _("The recipient is not on the test list."), _("Add the number to the list in Meta's dashboard.")
    ),
    "131047": Failure(_("Outside the 24-hour window."), _("Choose a template to write.")),
    "131048": Failure(
        _("Too many customers called messages of this number spam."), _("Wait some hours before you retry.")
    ),
    "131049": Failure(_("WhatsApp held the message back."), _("The customer got enough marketing lately. Wait a day.")),
    "131050": Failure(_("The customer does not want marketing."), _("Write when they write to you.")),
    "130472": Failure(_("WhatsApp held the message back."), _("The customer is part of an experiment of Meta's.")),
    "130497": Failure(
        _("WhatsApp does not let this business write to that country."), _("Reach the customer in another way.")
    ),
    **dict.fromkeys(
        ["131062", "131063"],
        Failure(
            _("WhatsApp takes this for phone numbers only."), _("Ask the customer for their number and write to it.")
        ),
    ),
    "137000": Failure(_("The customer's identity has changed."), _("Confirm whom you are writing to, then retry.")),
}


def explain(code: str, detail: str = "") -> Failure:
    """The words for a code; an unknown one keeps WhatsApp's own detail."""
    return FAILURES.get(code) or Failure(_("The message was not sent."), detail or _("WhatsApp gave no reason."))
