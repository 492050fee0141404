"""What workers do for people."""

from celery import shared_task

from accounts import tokens


@shared_task
def prune_revoked_tokens() -> int:
    """Forget revoked tokens that have expired; returns how many went."""
    return tokens.prune()
