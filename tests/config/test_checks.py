import os
import subprocess
import sys
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from config.celery import refuse_unsafe_start
from config.checks import check_production, refuse_unbound_login, refuse_unsafe

SAFE: dict[str, Any] = {
    "IS_PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": "x" * 50,
    "WHATSAPP_ACCEPT_UNSIGNED": False,
    "WHATSAPP_VERIFY_TOKEN": "chosen",
    "WHATSAPP_APP_SECRET": "of our app",
    "ENCRYPTION_KEYS": [Fernet.generate_key().decode()],
    "SIMULATOR_URL": "",
    "ALLOWED_HOSTS": ["recado.example"],
    "GRAPH_URL": "https://graph.facebook.com",
    "SITE_URL": "https://recado.example",
}


@pytest.fixture
def production(settings: LazySettings) -> LazySettings:
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


def test_safe_settings_are_let_through(production: LazySettings) -> None:
    assert check_production() == []
    refuse_unsafe()


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("DEBUG", True, 1),
        ("SECRET_KEY", "short", 2),
        ("SECRET_KEY", "demo-only-not-a-secret-0123456789-abcdefghijklmnop", 2),
        ("WHATSAPP_ACCEPT_UNSIGNED", True, 3),
        ("WHATSAPP_VERIFY_TOKEN", "demo-verify-token", 4),
        ("WHATSAPP_APP_SECRET", "demo-app-secret", 4),
        ("ENCRYPTION_KEYS", [], 5),
        ("ENCRYPTION_KEYS", ["nonsense"], 5),
        ("ENCRYPTION_KEYS", [*SAFE["ENCRYPTION_KEYS"], "ZGVtby1vbmx5LW5vdC1hLXNlY3JldC0wMTIzNDU2Nzg="], 5),
        ("SIMULATOR_URL", "http://127.0.0.1:9000", 6),
        ("ALLOWED_HOSTS", [], 7),
        ("ALLOWED_HOSTS", ["recado.example", "*"], 7),
        ("GRAPH_URL", "http://graph.example", 8),
    ],
)
def test_unsafe_settings_are_refused(production: LazySettings, name: str, value: Any, number: int) -> None:
    setattr(production, name, value)
    (fault,) = check_production()
    assert fault.id == f"config.E{number:03}"
    with pytest.raises(ImproperlyConfigured, match="Recado does not start"):
        refuse_unsafe()


@pytest.mark.parametrize(("name", "value"), [("WHATSAPP_APP_SECRET", ""), ("SITE_URL", "http://recado.example")])
def test_doubtful_settings_are_told_but_let_through(production: LazySettings, name: str, value: str) -> None:
    setattr(production, name, value)
    assert [str(message.id)[:8] for message in check_production()] == ["config.W"]
    refuse_unsafe()


def test_a_graph_of_our_own_machine_is_let_through(production: LazySettings) -> None:
    production.GRAPH_URL = "http://127.0.0.1:9000/graph"
    assert check_production() == []


def test_other_modes_are_not_asked(settings: LazySettings) -> None:
    settings.DEBUG = True
    assert check_production() == []


@pytest.mark.django_db
def test_login_that_row_level_security_does_not_bind_is_refused(production: LazySettings) -> None:
    with pytest.raises(ImproperlyConfigured, match="does not bind the login"):
        refuse_unbound_login()  # tests log in as the owner


@pytest.mark.django_db
def test_no_worker_starts_with_such_a_login(production: LazySettings) -> None:
    with pytest.raises(SystemExit, match="does not bind the login"):
        refuse_unsafe_start()


@pytest.mark.django_db
def test_login_is_asked_about_in_production_only(settings: LazySettings) -> None:
    assert not settings.IS_PRODUCTION
    refuse_unbound_login()


def test_send_may_not_be_lost_before_its_answer_is_late() -> None:
    ended = _start(["-c", "import config.settings"], GRAPH_TIMEOUT="90", WHATSAPP_LOST_AFTER="90")
    assert ended.returncode != 0
    assert "WHATSAPP_LOST_AFTER (90 s) must be more than GRAPH_TIMEOUT (90 s)" in ended.stderr


@pytest.mark.parametrize(("site", "is_secure"), [("https://recado.example", True), ("http://127.0.0.1:8000", False)])
def test_cookies_are_secure_where_the_site_is(site: str, is_secure: bool) -> None:
    told = "import config.settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    ended = _start(["-c", told], SITE_URL=site)
    assert ended.stdout.split() == [str(is_secure)] * 2


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import config.asgi"],
        ["-m", "celery", "-A", "config.celery", "worker", "--pool", "solo"],
        ["-m", "celery", "-A", "config.celery", "beat", "--schedule", os.devnull],
    ],
    ids=["web", "worker", "beat"],
)
def test_no_process_starts_unsafe(command: list[str]) -> None:
    careless = {
        "RECADO_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "short",
        "ALLOWED_HOSTS": "*",
        "RECADO_LOGIN": "application",
        "PYTHONWARNINGS": "ignore",
    }
    ended = _start(command, **careless)
    assert ended.returncode != 0
    assert "Recado does not start with these settings" in ended.stderr
    assert "ALLOWED_HOSTS" in ended.stderr


def _start(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
