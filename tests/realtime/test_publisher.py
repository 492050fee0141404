"""Telling hubs from any process."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from realtime.publisher import Publisher
from tests.cast import Company
from tests.realtime.client import socket_of
from tests.realtime.happenings import happen
from tests.realtime.serving import Program

ROOT = Path(__file__).resolve().parents[2]

# What a Celery worker does: import everything, publish, fork, and publish in a child that ends without atexit.
FORKING = """
import os, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
from django.db import connections
from realtime import publisher
from tenancy.models import Tenant
from tests.realtime.happenings import happen
tenant = Tenant.objects.get(pk=sys.argv[1])
happen(tenant, 1)
publisher.flush()
connections.close_all()
child = os.fork()
if child == 0:
    happen(tenant, 2)
    publisher.flush()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
happen(tenant, 3)
"""


@pytest.mark.django_db(transaction=True)
def test_forked_child_publishes_for_itself_and_the_last_words_are_not_lost(server: Program, acme: Company) -> None:
    name = connection.settings_dict["NAME"]
    with socket_of(acme.ana, server.ws) as socket:
        subprocess.run([sys.executable, "-c", FORKING, str(acme.tenant.pk), name], cwd=ROOT, check=True, timeout=30)
        heard = [socket.next("conversation:updated", 0.9)["data"]["updates"]["number"] for _ in range(3)]
    assert heard == [1, 2, 3]


def test_publisher_without_redis_forgets_and_goes_on(own_redis_port: int) -> None:
    publisher = Publisher()
    for number in range(100):
        publisher.put("tenant.x", {"type": "events", "number": number})
    publisher.flush(5)


@pytest.mark.django_db(transaction=True)
def test_action_does_not_notice_that_redis_is_away(own_redis_port: int, acme: Company) -> None:
    happen(acme.tenant, 1)
