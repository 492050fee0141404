"""The simulator's own settings, all of them from the environment."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

if os.environ.get("RECADO_MODE") == "production":
    raise ImproperlyConfigured(
        "The simulator plays Meta with a known secret: it never runs with RECADO_MODE=production."
    )

BASE_DIR = Path(__file__).resolve().parent

RECADO_URL = os.environ.get("RECADO_URL", "http://127.0.0.1:8000").rstrip("/")
WEBHOOK_URL = f"{RECADO_URL}/webhooks/whatsapp"
APP_SECRET = os.environ.get("SIMULATOR_APP_SECRET", "demo-app-secret")

ACME = {
    "phone_number_id": "test-phone-id",
    "waba_id": "test-entry",
    "display_phone_number": "5511999999999",
    "name": "Acme",
}
GLOBEX = {
    "phone_number_id": "test-phone-id-2",
    "waba_id": "test-entry-2",
    "display_phone_number": "5521988887777",
    "name": "Globex",
}
try:
    NUMBERS: list[dict[str, str]] = json.loads(os.environ.get("SIMULATOR_NUMBERS") or json.dumps([ACME, GLOBEX]))
except ValueError as error:
    raise ImproperlyConfigured(f"SIMULATOR_NUMBERS is not JSON: {error}") from error

# Seconds before the second attempt; every further one waits twice as long, up to RETRY_CEILING.
RETRY_BASE = float(os.environ.get("SIMULATOR_RETRY_SECONDS", "1"))
RETRY_CEILING = 30.0
RETRY_ATTEMPTS = 50
WEBHOOK_TIMEOUT = 20.0
QUEUE_LIMIT = 10_000
# How long "times out" holds a request: longer than any sane client waits.
HOLD_SECONDS = float(os.environ.get("SIMULATOR_HOLD_SECONDS", "90"))

SECRET_KEY = os.environ.get("SIMULATOR_SECRET_KEY", "the-simulator-has-nothing-to-hide")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("ALLOWED_HOSTS", "").split(","))]
# Behind the helpdesk's proxy the browser's Origin is the helpdesk's.
CSRF_TRUSTED_ORIGINS = [f"{urlsplit(RECADO_URL).scheme}://{urlsplit(RECADO_URL).netloc}"]
USE_X_FORWARDED_HOST = True
# Cookies are shared by all ports of a host: ours must not be taken for the helpdesk's.
CSRF_COOKIE_NAME = "simulator_csrf"
CSRF_COOKIE_PATH = "/simulator/"
CSRF_COOKIE_SAMESITE = "Strict"

ROOT_URLCONF = "simulator.urls"
ASGI_APPLICATION = "simulator.asgi.application"
APPEND_SLASH = False
INSTALLED_APPS = ["simulator.apps.SimulatorConfig", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "simulator.middleware.StaticFiles",
    "simulator.middleware.security_headers",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SIMULATOR_DB", str(BASE_DIR.parent / "simulator.sqlite3")),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            # Readers and the one writer do not wait for each other, and a writer never has to upgrade its lock.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = None

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("pt-br", "Português")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "America/Sao_Paulo"

STATIC_URL = "/simulator/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_MAX_AGE = 0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # Refusals are what this program is for, and the page's own log shows them.
    "loggers": {"django.request": {"level": "ERROR"}, "httpx": {"level": "WARNING"}},
}
