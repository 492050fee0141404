"""Commands that serve tenants do not start where tenants could meet."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings


@pytest.mark.timeout(60)  # one that starts serves for ever
@pytest.mark.parametrize("command", ["ingest", "tcpgateway"])
def test_command_does_not_serve_with_a_login_that_nothing_binds(db: None, settings: Settings, command: str) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(SystemCheckError, match="does not bind the login"):
        call_command(command, stdout=StringIO())
