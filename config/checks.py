"""What production may not start with: `manage.py check` lists it, web and workers refuse to run."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's word
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from tenancy.checks import check_database

logger = logging.getLogger(__name__)

DEMO_SECRETS = ("demo-verify-token", "demo-app-secret", "demo-only", "test-only")
DEMO_ENCRYPTION_KEY = "ZGVtby1vbmx5LW5vdC1hLXNlY3JldC0wMTIzNDU2Nzg="
SHORTEST_SECRET = 32
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class _Rule:
    is_broken: Callable[[], bool]
    fault: str
    cure: str


@register(Tags.security)
def check_production(**_options: Any) -> list[CheckMessage]:
    """Faults of production settings; other modes may be as careless as they like."""
    return [*_faults(), *_doubts()] if settings.IS_PRODUCTION else []


def refuse_unsafe() -> None:
    """Raise ImproperlyConfigured, with all faults in one message, where production would start unsafe."""
    faults = [f"{fault.msg} {fault.hint}" for fault in check_production() if fault.is_serious()]
    if faults:
        raise ImproperlyConfigured("Recado does not start with these settings:\n" + "\n".join(faults))


def refuse_unbound_login() -> None:
    """Raise ImproperlyConfigured where row-level security would not bind production's login; once, at the start.

    A database that is away keeps nobody from starting: webhooks are answered 503 then, and /readyz says why.
    """
    if not settings.IS_PRODUCTION:
        return
    try:
        faults = check_database(["default"])
    except DatabaseError as error:
        logger.warning("The database could not be asked whether row-level security binds the login: %s", error)
        return
    if faults:
        raise ImproperlyConfigured("Recado does not start with this database:\n" + "\n".join(map(str, faults)))


def _faults() -> Iterator[Error]:
    for number, rule in enumerate(_RULES, start=1):
        if rule.is_broken():
            yield Error(rule.fault, hint=rule.cure, id=f"config.E{number:03}")


def _doubts() -> Iterator[Warning]:
    if not settings.WHATSAPP_APP_SECRET:
        hint = "Webhooks of numbers without an app secret of their own are refused."
        yield Warning("WHATSAPP_APP_SECRET is not set.", hint=hint, id="config.W001")
    if not _is_private(settings.SITE_URL):
        hint = "Cookies are not marked secure: put a proxy with TLS in front (docs/operations.md)."
        yield Warning("SITE_URL is not https.", hint=hint, id="config.W002")


def _is_demo(secret: str) -> bool:
    return secret.startswith(DEMO_SECRETS)


def _encrypts() -> bool:
    try:
        return bool([Fernet(key) for key in settings.ENCRYPTION_KEYS]) and (
            DEMO_ENCRYPTION_KEY not in settings.ENCRYPTION_KEYS
        )
    except ValueError:
        return False


def _is_private(url: str) -> bool:
    """Whether nobody can listen in on the way."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in LOOPBACK


_RULES = (
    _Rule(
        lambda: settings.DEBUG,
        "DEBUG is on.",
        "Unset it: error pages would show settings and customers' data.",
    ),
    _Rule(
        lambda: len(settings.SECRET_KEY) < SHORTEST_SECRET or _is_demo(settings.SECRET_KEY),
        "SECRET_KEY is short or the demo's.",
        "Set 50 random characters.",
    ),
    _Rule(
        lambda: settings.WHATSAPP_ACCEPT_UNSIGNED,
        "Unsigned webhooks are accepted.",
        "Unset WHATSAPP_ACCEPT_UNSIGNED.",
    ),
    _Rule(
        lambda: _is_demo(settings.WHATSAPP_VERIFY_TOKEN) or _is_demo(settings.WHATSAPP_APP_SECRET),
        "WHATSAPP_VERIFY_TOKEN or WHATSAPP_APP_SECRET is the demo's.",
        "Everybody knows it: set those of your Meta app.",
    ),
    _Rule(
        lambda: not _encrypts(),
        "ENCRYPTION_KEYS is missing, malformed or the demo's.",
        "Set a key of Fernet.generate_key().",
    ),
    _Rule(
        lambda: bool(settings.SIMULATOR_URL),
        "SIMULATOR_URL is set.",
        "Unset it: the simulator lets anybody play a customer.",
    ),
    _Rule(
        lambda: not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
        "ALLOWED_HOSTS is empty or lets in any.",
        "Name the hosts that people use.",
    ),
    _Rule(
        lambda: not _is_private(settings.GRAPH_URL),
        "GRAPH_URL is not https.",
        "Access tokens would cross the network in the clear.",
    ),
)
