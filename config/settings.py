"""Settings of Recado: one file, read from the environment, that refuses nonsense.

`RECADO_MODE` is `production` unless said otherwise: demo secrets, unsigned webhooks and DEBUG exist in other modes only
(a system check refuses them in production). docs/operations.md explains every variable.
"""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment as env

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.choice("RECADO_MODE", ("production", "demo", "test"), "production")
IS_PRODUCTION = MODE == "production"
DEMO_SECRET = None if IS_PRODUCTION else f"{MODE}-only-not-a-secret-0123456789-abcdefghijklmnop"

SECRET_KEY = env.text("SECRET_KEY", DEMO_SECRET)
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if IS_PRODUCTION else "*")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "daphne",  # before staticfiles: its `runserver` speaks ASGI
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "config.apps.AdminConfig",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "tenancy",
    "events",
    "accounts",
    "conversations",
    "whatsapp",
    "kanban",
    "realtime",
    "api",
    "config.apps.WiringConfig",
    *([] if IS_PRODUCTION else ["demo"]),
]

MIDDLEWARE = [
    "config.health.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "config.middleware.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "api.middleware.BearerMiddleware",
    "accounts.middleware.TenantMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.static", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The application logs in as a role that row-level security binds, `manage.py migrate` (RECADO_LOGIN=owner) as owner.
DATABASE_URL = env.text("DATABASE_URL")
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", DATABASE_URL)
APPLICATION_LOGIN = env.database(DATABASE_URL)["USER"]
LOGIN_AS_OWNER = MODE == "test" or env.choice("RECADO_LOGIN", ("application", "owner"), "application") == "owner"
_DATABASE = env.database(DATABASE_OWNER_URL if LOGIN_AS_OWNER else DATABASE_URL)
DATABASES = {
    "default": {
        **_DATABASE,
        "ENGINE": "tenancy.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {
            **_DATABASE["OPTIONS"],
            **(
                {}
                if LOGIN_AS_OWNER
                else {"pool": {"min_size": 1, "max_size": env.number("DATABASE_POOL", 20, minimum=12), "timeout": 5}}
            ),
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "recado:cache",
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "recado"},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "board"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_COOKIE_NAME = "recado_session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGES = [("pt-br", _("Brazilian Portuguese")), ("en", _("English"))]
LANGUAGE_CODE = "pt-br"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / ".static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not IS_PRODUCTION
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / ".data" / "media")))
_BUCKET = {
    "bucket_name": env.text("S3_BUCKET", ""),
    "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,  # none: Amazon's own
    "region_name": env.text("S3_REGION", "") or None,
    "access_key": env.text("S3_ACCESS_KEY", "") or None,  # none: as boto3 finds them (role of the machine, AWS_…)
    "secret_key": env.text("S3_SECRET_KEY", "") or None,
    "addressing_style": env.choice("S3_ADDRESSING", ("auto", "path", "virtual"), "auto"),
    "default_acl": None,
    "file_overwrite": False,
    "max_memory_size": 1024 * 1024,  # bytes of an opened file; the rest on disk
}
STORAGES = {
    "default": {"BACKEND": "conversations.storages.BucketFiles", "OPTIONS": _BUCKET}
    if _BUCKET["bucket_name"]
    else {"BACKEND": "conversations.storages.LocalFiles"},
    "staticfiles": {
        "BACKEND": "config.storage.HashedFiles"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["api.rendering.WireRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.requests.RawParser"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttles.PerPerson"],
    "NUM_PROXIES": 0,  # uvicorn has read X-Forwarded-For of those it may believe: from others it is anybody's word
    "DEFAULT_THROTTLE_RATES": {"user": f"{env.number('API_REQUESTS_PER_MINUTE', 600, minimum=1)}/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.errors.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Recado",
    "DESCRIPTION": "REST API of Recado, the WhatsApp helpdesk. docs/protocol.md tells the same in words.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["api.schema.without_slash"],
    "POSTPROCESSING_HOOKS": ["api.schema.complete"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.number("ACCESS_TOKEN_MINUTES", 60, minimum=1)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.number("REFRESH_TOKEN_DAYS", 14, minimum=1)),
    "SIGNING_KEY": SECRET_KEY,
}

UPLOAD_LIMIT = env.number("UPLOAD_LIMIT_MB", 100, minimum=1) * 1024 * 1024  # bytes
UPLOAD_HOURS = env.number("UPLOAD_HOURS", 24, minimum=1)  # until an upload that nobody sent is forgotten
FILE_LINK_MINUTES = env.number("FILE_LINK_MINUTES", 60, minimum=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # bytes; Meta sends webhooks of up to 3 MB

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = True  # the rows are the queue; a bell that rings twice does no harm
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_PREFETCH_COUNT_REDUCTION = False  # what a worker takes twice after Redis was away does no harm
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "retry_on_timeout": True,
    "health_check_interval": 10,
    "max_retries": 1,  # a bell that cannot be rung holds nobody up: beat rings again. Workers reconnect by themselves
    "interval_start": 0,
    "global_keyprefix": "recado:celery:",
}
CELERY_TASK_ROUTES = {
    "whatsapp.tasks.send_conversation": {"queue": "sending"},
    "whatsapp.tasks.send_reaction": {"queue": "sending"},
    "whatsapp.tasks.show_typing": {"queue": "sending"},
    "whatsapp.tasks.fetch_attachment": {"queue": "media"},
    "conversations.tasks.make_preview": {"queue": "media"},
}
CELERY_IMPORTS = ["config.pulse"]
CELERY_BEAT_SCHEDULE = {
    "ring-again": {"task": "whatsapp.tasks.ring_again", "schedule": 2.0, "options": {"expires": 2}},
    "reap-lost-sends": {"task": "whatsapp.tasks.reap_lost_sends", "schedule": 10.0, "options": {"expires": 10}},
    "fetch-templates": {"task": "whatsapp.tasks.fetch_due_templates", "schedule": 5.0, "options": {"expires": 5}},
    "prune": {"task": "whatsapp.tasks.prune", "schedule": 3600.0},
    "make-previews-again": {
        "task": "conversations.tasks.make_previews_again",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "prune-uploads": {"task": "conversations.tasks.prune_uploads", "schedule": 600.0},
    "prune-tokens": {"task": "accounts.tasks.prune_revoked_tokens", "schedule": 24 * 3600.0},
    "prune-sessions": {"task": "accounts.tasks.prune_sessions", "schedule": 24 * 3600.0},
    "prune-events": {"task": "realtime.tasks.prune_event_logs", "schedule": 3600.0},
}

# The whole reaction graph: who hears of committed events, in this order (events/emit.py).
EVENT_HANDLERS = [
    "realtime.broadcast.on_events",
    "whatsapp.sending.on_events",
    "whatsapp.reacting.on_events",
    "whatsapp.media.on_events",
]
# Where a new conversation stands on the board (conversations/placement.py asks, kanban answers).
CONVERSATION_PLACEMENT = "kanban.placement.first_column_id"
# How a template is worded (conversations/templating.py asks, whatsapp answers).
TEMPLATE_WORDING = "whatsapp.filling.word"

GRAPH_URL = env.text("GRAPH_URL", "https://graph.facebook.com")
GRAPH_VERSION = env.text("GRAPH_VERSION", "v25.0")
GRAPH_TIMEOUT = env.number("GRAPH_TIMEOUT", 20, minimum=1)  # seconds until an answer counts as lost
WHATSAPP_VERIFY_TOKEN = env.text("WHATSAPP_VERIFY_TOKEN", "" if IS_PRODUCTION else "demo-verify-token")
WHATSAPP_APP_SECRET = env.text("WHATSAPP_APP_SECRET", "" if IS_PRODUCTION else "demo-app-secret")
WHATSAPP_ACCEPT_UNSIGNED = env.flag("WHATSAPP_ACCEPT_UNSIGNED", default=MODE == "demo")
WHATSAPP_LOST_AFTER = env.number("WHATSAPP_LOST_AFTER", 90, minimum=5)  # seconds a send may stay without any answer
if WHATSAPP_LOST_AFTER <= GRAPH_TIMEOUT:
    raise ImproperlyConfigured(
        f"WHATSAPP_LOST_AFTER ({WHATSAPP_LOST_AFTER} s) must be more than GRAPH_TIMEOUT ({GRAPH_TIMEOUT} s): "
        "a message would count as lost while WhatsApp may still answer, and a retry would send it twice."
    )
ENCRYPTION_KEYS = env.words("ENCRYPTION_KEYS", "" if IS_PRODUCTION else "ZGVtby1vbmx5LW5vdC1hLXNlY3JldC0wMTIzNDU2Nzg=")
SIMULATOR_URL = env.text("SIMULATOR_URL", "")

EVENT_LOG_DAYS = env.number("EVENT_LOG_DAYS", 7, minimum=1)
SOCKET_COMMANDS_PER_MINUTE = env.number("SOCKET_COMMANDS_PER_MINUTE", 100, minimum=1)
SOCKET_COMMAND_BURST = env.number("SOCKET_COMMAND_BURST", 30, minimum=1)
PRESENCE_TTL_SECONDS = env.number("PRESENCE_TTL_SECONDS", 40, minimum=4)  # a killed process's people are gone after it
AWAY_AFTER_SECONDS = env.number("AWAY_AFTER_SECONDS", 300, minimum=10)  # without doing anything
SOCKETS_PER_USER = env.number("SOCKETS_PER_USER", 20, minimum=1)
SOCKETIO_NODE = env.text("SOCKETIO_NODE", "")  # this process's name for a proxy; begins the ids of its sessions

METRICS_TOKEN = env.text("METRICS_TOKEN", "")  # empty: /metrics answers this machine only
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_LEVEL = env.choice("LOG_LEVEL", (*_LEVELS, *map(str.lower, _LEVELS)), "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"senders_mistake": {"()": "config.logs.SendersMistake"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
        # its INFO writes each socket's address, with the token in it
        "uvicorn.error": {"level": "WARNING", "filters": ["senders_mistake"]},
        "django.request": {"level": "ERROR"},
        "engineio.server": {"level": "ERROR"},  # their INFO writes every packet, with the tokens in it
        "socketio.server": {"level": "ERROR"},
    },
}
