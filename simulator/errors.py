"""Meta's errors: the ones an API call is answered with, and the ones a status webhook brings."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from simulator import ids


@dataclass
class GraphError(Exception):
    """A refusal by the Graph API."""

    code: int
    message: str
    details: str = ""
    http_status: int = 400
    kind: str = "OAuthException"
    subcode: int | None = None

    def as_json(self) -> dict[str, object]:
        """The body of the answer."""
        error: dict[str, object] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": {**error, "fbtrace_id": ids.trace_id()}}


class HungUpError(Exception):
    """The connection drops without an answer."""


def invalid(message: str) -> GraphError:
    """A parameter that is missing or of the wrong shape."""
    return GraphError(100, f"(#100) {message}")


def not_allowed_value(details: str) -> GraphError:
    """A parameter of the right shape with an impossible value."""
    return GraphError(131009, "(#131009) Parameter value is not valid", details)


def no_such_object(object_id: str) -> GraphError:
    """Graph's answer for an id it cannot load."""
    message = (
        f"Unsupported get request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation."
    )
    return GraphError(100, message, kind="GraphMethodException", subcode=33)


NO_TOKEN = GraphError(190, "Invalid OAuth access token - Cannot parse access token", http_status=401)
EXPIRED_TOKEN = GraphError(190, "Error validating access token: Session has expired", http_status=401, subcode=463)
RATE_LIMIT = GraphError(
    130429, "(#130429) Rate limit hit", "Cloud API message throughput has been reached.", http_status=429
)
PAIR_LIMIT = GraphError(
    131056,
    "(#131056) (Business Account, Consumer Account) pair rate limit hit",
    "Too many messages sent from this phone number to the same phone number in a short period of time.",
)
SERVER_ERROR = GraphError(
    131000, "(#131000) Something went wrong", "Message failed to send due to an unknown error.", 500
)
WINDOW_CLOSED = GraphError(
    131047,
    "(#131047) Re-engagement message",
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
)

# code: (title, details), for statuses.
WEBHOOK_ERRORS = {
    131026: (_("Message undeliverable"), "Message Undeliverable."),
    131047: (_("Re-engagement message"), WINDOW_CLOSED.details),
    131049: (
        _("Held back to keep the ecosystem healthy"),
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131053: (_("Media upload error"), "Unsupported media file, or the file could not be processed."),
    131050: (
        _("User stopped marketing messages"),
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages.",
    ),
    130472: (_("User's number is part of an experiment"), "Failed to send message because of an experiment."),
    131042: (_("Business eligibility payment issue"), "Message failed to send because of an issue with payment."),
    131051: (_("Message type unknown"), "Message type is currently not supported."),
    131000: (_("Something went wrong"), "Message failed to send due to an unknown error."),
}
