"""Who may come in, and what Meta is told: pure judgement over a body and its signature, shared by both ways in."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare

from tenancy.scope import every_tenant
from whatsapp import inbox
from whatsapp.models import Number
from whatsapp.numbers import SecretBook, signer
from whatsapp.payloads import NotJsonError, accounts_named, glance

BODY_LIMIT = 4 * 1024 * 1024  # bytes; Meta sends up to 3 MB

secrets = SecretBook()


@dataclass(frozen=True, slots=True)
class Answer:
    """What Meta is told."""

    status: int
    text: str = ""


OK = Answer(200, "ok")
NOT_JSON = Answer(400, "The body is not JSON.")
UNSIGNED = Answer(401, "The signature is missing or wrong.")
FORBIDDEN = Answer(403, "Wrong verify token.")
BAD_METHOD = Answer(405, "GET or POST.")
TOO_LARGE = Answer(413, "The body is too large.")
UNAVAILABLE = Answer(503, "It cannot be taken in now; send it again.")


def judge(body: bytes, signature: str | None) -> inbox.Incoming | Answer:
    """A body worth storing, or why it is refused. Nobody learns anything about a body that they cannot sign."""
    if len(body) > BODY_LIMIT:
        return TOO_LARGE
    try:
        accounts = accounts_named(glance(body))
    except NotJsonError:
        accounts = None
    if not secrets.knows(accounts or ()):
        return UNAVAILABLE  # Meta sends it again; by then somebody may have found the key
    signed_with = _signed_with(body, signature, accounts or set())
    if signed_with is None:
        return UNSIGNED
    return NOT_JSON if accounts is None else inbox.incoming(body, signed_with)


def _signed_with(body: bytes, signature: str | None, accounts: set[tuple[str, str]]) -> str | None:
    """The fingerprint of the secret; empty for an unsigned body where those are accepted; None to refuse it."""
    if signature is None and settings.WHATSAPP_ACCEPT_UNSIGNED:
        return ""
    return signer(body, signature or "", secrets.candidates(accounts))


def subscribe(mode: str, token: str, challenge: str) -> Answer:
    """Meta's GET when the address is entered: the bare challenge, if the token is ours or one of a number's."""
    tokens = [settings.WHATSAPP_VERIFY_TOKEN, *_number_tokens()] if mode == "subscribe" and token else []
    known = [each for each in tokens if each and constant_time_compare(each, token)]
    return Answer(200, challenge) if known else FORBIDDEN


def _number_tokens() -> list[str]:
    with every_tenant():
        numbers = Number.objects.exclude(verify_token="").only("verify_token")
        return [number.verify_token for number in numbers]
