"""Secrets at rest: encrypted in the row, readable in Python, never shown."""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@cache
def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def decrypted(value: str | None) -> str:
    """Plain text of what an EncryptedField wrote. Raises InvalidToken when no key fits."""
    return _box().decrypt(value.encode()).decode() if value else ""


class EncryptedField(models.TextField[str, str]):
    """Text encrypted with the first of ENCRYPTION_KEYS and read with any of them, so keys can be rotated."""

    def get_prep_value(self, value: Any) -> Any:
        """Ciphertext for the database; the empty string stays empty."""
        return _box().encrypt(value.encode()).decode() if value else ""

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> str:
        """Plain text for Python. Raises InvalidToken when no key fits: better than sending with nonsense."""
        return decrypted(value)
