"""Reading settings from the environment: every value is checked where it is read, so nonsense stops the start."""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable, or `default`; without either the start fails with a sentence that names it."""
    value = os.environ.get(name) or default
    if value is None:
        message = f"Set the environment variable {name} (see docs/operations.md)."
        raise ImproperlyConfigured(message)
    return value


def choice(name: str, allowed: Sequence[str], default: str) -> str:
    """One of `allowed`."""
    value = text(name, default)
    if value not in allowed:
        message = f"{name} is {value!r}; it must be one of {', '.join(allowed)}."
        raise ImproperlyConfigured(message)
    return value


def number(name: str, default: int, *, minimum: int = 0) -> int:
    """A whole number of at least `minimum`."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < minimum:
        message = f"{name} is {value!r}; it must be a whole number of at least {minimum}."
        raise ImproperlyConfigured(message)
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    """`1`, `true`, `yes`, `on` or their opposites."""
    value = text(name, "1" if default else "0").lower()
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        message = f"{name} is {value!r}; write 1 or 0."
        raise ImproperlyConfigured(message)
    return value in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Comma-separated values without the blanks around them."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def redis(name: str) -> str:
    """The URL of a Redis."""
    value = text(name)
    if not value.startswith(("redis://", "rediss://")):
        message = f"{name} is not a Redis URL such as redis://:password@host:6379/0."
        raise ImproperlyConfigured(message)
    return value


def database(url: str) -> dict[str, Any]:
    """Django's connection settings of a `postgres://login:password@host:port/name?option=value` URL.

    What is wrong is told without the URL: it holds a password, and logs are read by many.
    """
    try:
        parts = urlsplit(url)
        name, port = unquote(parts.path.strip("/")), str(parts.port or "")
    except ValueError:
        parts, name, port = urlsplit(""), "", ""
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        message = (
            "DATABASE_URL or DATABASE_OWNER_URL is not a PostgreSQL URL "
            "such as postgres://login:password@host:5432/recado."
        )
        raise ImproperlyConfigured(message)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": port,
        "OPTIONS": options,
    }
