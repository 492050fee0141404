"""What workers clear away."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.tasks import prune_sessions
from tests.cast import Company


def test_sessions_that_have_run_out_are_forgotten(acme: Company) -> None:
    for person in (acme.ana, acme.caio):
        Client().force_login(person)
    Session.objects.filter(pk=Session.objects.values("pk")[:1]).update(expire_date=timezone.now() - timedelta(days=1))
    prune_sessions()
    assert Session.objects.count() == 1
