"""Whose numbers these are: routing by Meta's ids, and the app secret that each number's webhooks are signed with."""

import hashlib
import hmac
import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db.models import QuerySet

from conversations import phones
from tenancy.postgresql.prepared import Prepared
from tenancy.scope import every_tenant
from whatsapp.models import Number, NumberState
from whatsapp.secrets import decrypted

logger = logging.getLogger(__name__)

BOOK_AGE = 5.0  # seconds until the app secrets are read again: a rotated one works after that


def fingerprint(secret: str) -> str:
    """What a delivery remembers of the secret that verified it: enough to compare, nothing to sign with."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a number's items go, and which secret must have signed them.

    `has_early`: updates wait for messages of this number that have not come yet.
    """

    tenant_id: UUID
    number_id: UUID
    phone_number_id: str
    waba_id: str
    signed_with: str
    has_early: bool


_ROUTES = Prepared("""
SELECT tenant_id, id, phone_number_id, waba_id, app_secret, EXISTS (
    SELECT FROM whatsapp_earlyupdate AS early WHERE early.tenant_id = number.tenant_id AND early.number_id = number.id
)
FROM whatsapp_number AS number WHERE phone_number_id = ANY(%s::text[]) OR waba_id = ANY(%s::text[])
""")

_SECRETS = Prepared("SELECT waba_id, phone_number_id, app_secret FROM whatsapp_number WHERE app_secret <> ''")


def routes(accounts: Iterable[tuple[str, str]]) -> list[Route]:
    """The routes of (WABA id, phone number id or "") pairs; unknown ones have none."""
    wabas, numbers = {waba for waba, _ in accounts}, {number for _, number in accounts if number}
    with every_tenant():
        rows = _ROUTES.rows(list(numbers), list(wabas - {""})) if wabas or numbers else ()
    return [
        Route(tenant_id, number_id, name, waba_id, _signed_with(secret, name), has_early)
        for tenant_id, number_id, name, waba_id, secret, has_early in rows
    ]


def _signed_with(app_secret: str, phone_number_id: str) -> str:
    secret = _readable(app_secret, phone_number_id)
    return "" if secret is None else fingerprint(secret or settings.WHATSAPP_APP_SECRET)


def _readable(app_secret: str, phone_number_id: str) -> str | None:
    """A number's own secret, empty if it has none; None for one that was written with a key that is gone.

    One such row must not keep the webhooks of all other numbers from being judged and taken in.
    """
    try:
        return decrypted(app_secret)
    except InvalidToken:
        logger.exception("The app secret of number %s cannot be read: is a key gone?", phone_number_id)
        return None


@dataclass(slots=True)
class SecretBook:
    """The app secrets of all numbers, in memory: the webhook must answer without asking the database first."""

    by_name: dict[str, set[str]] = field(default_factory=dict)  # of accounts and of numbers
    unreadable: frozenset[str] = frozenset()
    read_at: float = 0.0

    @property
    def is_stale(self) -> bool:
        """Whether to read it again before using it."""
        return time.monotonic() - self.read_at > BOOK_AGE

    def refresh(self) -> None:
        """Read all numbers that have a secret of their own (most use the installation's), unless somebody just has."""
        if not self.is_stale:
            return
        with every_tenant():
            rows = _SECRETS.rows()
        secrets = {(waba, number): _readable(secret, number) for waba, number, secret in rows}
        by_name: dict[str, set[str]] = defaultdict(set)
        for names, secret in secrets.items():
            if secret:
                for name in names:
                    by_name[name].add(secret)
        self.by_name = dict(by_name)
        self.unreadable = frozenset(number for (_, number), secret in secrets.items() if secret is None)
        self.read_at = time.monotonic()

    def knows(self, accounts: Iterable[tuple[str, str]]) -> bool:
        """Whether it can tell who may have signed a body which speaks of `accounts`."""
        return self.unreadable.isdisjoint(number for _, number in accounts)

    def candidates(self, accounts: Iterable[tuple[str, str]]) -> set[str]:
        """The secrets that may have signed a body which speaks of `accounts`."""
        own = {secret for account in accounts for secret in self._of(*account)}
        return (own or {settings.WHATSAPP_APP_SECRET}) - {""}

    def _of(self, waba_id: str, phone_number_id: str) -> set[str]:
        """A number's own, else those of its account and the installation's: one account may send by several apps."""
        return self.by_name.get(phone_number_id) or {settings.WHATSAPP_APP_SECRET, *self.by_name.get(waba_id, ())}


def signer(body: bytes, signature: str, secrets: Iterable[str]) -> str | None:
    """The fingerprint of the secret behind an `X-Hub-Signature-256` header; None if it is none of `secrets`."""
    for secret in secrets:
        expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(expected.encode(), signature.encode()):
            return fingerprint(secret)
    return None


_GONE = {"PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED", "ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED"}
_BACK = {"ACCOUNT_RECONNECTED", "PARTNER_ADDED", "PARTNER_APP_INSTALLED", "VERIFIED_ACCOUNT", "REINSTATE"}
_BARRED = {"DISABLE"}
_WARNINGS = {"ACCOUNT_VIOLATION", "ACCOUNT_RESTRICTION", "SCHEDULE_FOR_DISABLE"}


def account_changed(waba_id: str, value: dict[str, Any], *, received_at: datetime) -> None:
    """Follow an `account_update`: whether the current tenant's numbers of this account may send. What came before a
    number was connected here (and is replayed now) says nothing about it.

    A restriction stops none: most do not concern answers, and nobody says when one has run out. A message that it bars
    WhatsApp refuses. What is no trouble (prices, terms) hides no reason that stands there.
    """
    event, shown = _what_happened(value), value.get("phone_number")
    numbers = Number.objects.filter(waba_id=waba_id, created_at__lte=received_at)
    if isinstance(shown, str):
        numbers = numbers.filter(pk__in=_shown_as(shown, numbers))
    if event in _GONE:
        numbers.update(state=NumberState.RECONNECT, state_reason=event)
    elif event in _BARRED:
        numbers.update(state=NumberState.STOPPED, state_reason=event)
    elif event in _BACK:
        numbers.update(state=NumberState.CONNECTED, state_reason="")
    elif event in _WARNINGS:
        numbers.filter(state=NumberState.CONNECTED).update(state_reason=event)


def _what_happened(value: dict[str, Any]) -> str:
    """The event; of a ban, what became of it: it is announced, imposed and lifted under one name."""
    event, ban = value.get("event"), value.get("ban_info")
    if event == "DISABLED_UPDATE":
        event = ban.get("waba_ban_state", "DISABLE") if isinstance(ban, dict) else "DISABLE"
    return event if isinstance(event, str) else ""


def _shown_as(shown: str, numbers: QuerySet[Number]) -> list[UUID]:
    """Which of them customers see like this: some news names a number by nothing else, in a spelling of its own."""
    wanted = phones.variants(_digits(shown))
    known = numbers.values_list("pk", "display_number")
    return [pk for pk, display in known if wanted & phones.variants(_digits(display))]


def name_changed(waba_id: str, value: dict[str, Any]) -> None:
    """Follow a `phone_number_name_update`: the name customers see, once approved."""
    name, shown = value.get("requested_verified_name"), value.get("display_phone_number")
    if value.get("decision") == "APPROVED" and isinstance(name, str) and isinstance(shown, str):
        numbers = Number.objects.filter(waba_id=waba_id)
        numbers.filter(pk__in=_shown_as(shown, numbers)).update(name=name[:80])


def mark_stopped(number: Number, reason: str) -> None:
    """Sending stops until WhatsApp lets the account go on."""
    Number.objects.filter(pk=number.pk).update(state=NumberState.STOPPED, state_reason=reason[:240])


def mark_for_reconnection(number: Number, reason: str) -> None:
    """Sending stops until somebody has given the number a token that works."""
    Number.objects.filter(pk=number.pk).update(state=NumberState.RECONNECT, state_reason=reason[:240])


def _digits(shown: str) -> str:
    return "".join(filter(str.isdigit, shown))
