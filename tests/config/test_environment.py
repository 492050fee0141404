"""What stands in the environment is taken, or refused with a sentence that names it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment as env

WHOLE = "postgres://ana:p%40ss@db.test:5433/recado?sslmode=require&host=/run/postgresql"


def test_database_is_taken_apart() -> None:
    assert env.database(WHOLE) == {
        "NAME": "recado",
        "USER": "ana",
        "PASSWORD": "p@ss",
        "HOST": "/run/postgresql",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    "url",
    [
        *("mysql://ana:secret@db.test/recado", "postgres://ana:secret@db.test/", "ana:secret@db.test"),
        *("postgres://ana:secret@db.test:port/recado", "postgres://ana:secret@[::1/recado"),
    ],
)
def test_what_is_no_database_is_told_without_the_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        env.database(url)
    assert "secret" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.redis("IT"), "localhost:6379"),
        (lambda: env.number("IT", 20, minimum=12), "3"),
        (lambda: env.number("IT", 20), "-1"),
        (lambda: env.flag("IT", default=False), "maybe"),
        (lambda: env.choice("IT", ("INFO", "ERROR"), "INFO"), "LOUD"),
        (lambda: env.text("IT"), ""),
    ],
    ids=["redis", "number", "negative", "flag", "choice", "text"],
)
def test_nonsense_is_named(monkeypatch: pytest.MonkeyPatch, read: Callable[[], Any], value: str) -> None:
    monkeypatch.setenv("IT", value)
    with pytest.raises(ImproperlyConfigured, match="IT"):
        read()


def test_empty_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IT", "")
    assert (env.number("IT", 20), env.flag("IT", default=True), env.text("IT", "INFO")) == (20, True, "INFO")
    assert env.words("IT") == []
