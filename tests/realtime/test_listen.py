"""`manage.py listen`."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from realtime import stats
from tests.cast import Company
from tests.realtime.happenings import happen
from tests.realtime.serving import Program, free_port, until

pytestmark = pytest.mark.django_db(transaction=True)


def test_listen_prints_events_with_their_place_in_the_log(server: Program, acme: Company) -> None:
    printed = StringIO()

    def listen() -> None:
        call_command("listen", email="ANA@acme.test", url=server.ws, count=4, stdout=printed)
        connections.close_all()

    listening = threading.Thread(target=listen)
    listening.start()
    until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 1)
    happen(acme.tenant, 1, 2)
    listening.join(10)

    lines = printed.getvalue().splitlines()
    connected, first, second = (line for line in lines if "presence:changed" not in line)  # it comes in a moment
    assert "connected" in connected
    assert "0 → 1" in first
    assert '"number": 2' in second


def test_listen_says_what_is_wrong(acme: Company) -> None:
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("listen", email="nobody@acme.test")
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("listen", email="ana@acme.test", url=f"ws://127.0.0.1:{free_port()}/ws/")
