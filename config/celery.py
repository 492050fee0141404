"""The Celery application: `celery -A config worker -Q default,sending,media`, `… beat`."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("recado")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**_: object) -> None:
    """As config/asgi.py does for the web. Celery would log an exception and go on; it heeds SystemExit."""
    from config.checks import refuse_unbound_login, refuse_unsafe  # noqa: PLC0415 - before Django is set up

    try:
        refuse_unsafe()
        refuse_unbound_login()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error
