"""Secrets at rest: encrypted in the row, readable in Python, never shown."""

import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

logger = logging.getLogger(__name__)


@cache
def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def decrypted(value: str | None) -> str:
    """Plain text of what an EncryptedField wrote. Raises InvalidToken when no key fits."""
    return _box().decrypt(value.encode()).decode() if value else ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret as its row has it, opened by whoever reads it: a key that is gone must not keep the row from being
    listed, nor from being given another secret.
    """

    ciphertext: str

    def open(self) -> str:
        """Plain text; none, and an error in the log, when no key fits: nothing is sent with nonsense."""
        try:
            return decrypted(self.ciphertext)
        except InvalidToken:
            logger.error("A number's secret cannot be read: is a key gone from ENCRYPTION_KEYS?")  # noqa: TRY400
            return ""

    def again(self) -> str:
        """Ciphertext of the first key; what cannot be read stays as it is, for the day that its key comes back."""
        plain = self.open()
        return _encrypted(plain) if plain else self.ciphertext


class _Opening(DeferredAttribute):
    """Opens a secret when it is read, not when its row is."""

    def __get__(self, instance: models.Model | None, owner: Any = None) -> Any:
        value = super().__get__(instance, owner)
        return value.open() if isinstance(value, Sealed) else value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.TextField[str, str]):
    """Text encrypted with the first of ENCRYPTION_KEYS and read with any of them, so keys can be rotated."""

    descriptor_class = _Opening

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        """As it was read, if nobody has set another."""
        del add
        return model_instance.__dict__[self.attname]

    def get_prep_value(self, value: Any) -> Any:
        """Ciphertext for the database; the empty string stays empty."""
        if isinstance(value, Sealed):
            return value.again()
        return _encrypted(value) if value else ""

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Any:
        """Sealed: `values_list` gives that too."""
        return Sealed(value) if value else ""


def _encrypted(plain: str) -> str:
    return _box().encrypt(plain.encode()).decode()
