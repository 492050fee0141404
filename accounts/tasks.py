"""What workers do for people."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from accounts import tokens


@shared_task
def prune_revoked_tokens() -> int:
    """Forget revoked tokens that have expired; returns how many went."""
    return tokens.prune()


@shared_task
def prune_sessions() -> None:
    """Forget the browser sessions that have run out: Django leaves them where they are."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
